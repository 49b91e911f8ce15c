//! What happens to a thing in an order that it cannot happen in: dates that end before they begin, and events that
//! change nothing since what they are about does not stand so any more.
//!
//! The folds pass over such events; this room says that they did.

use compact_str::CompactString;

use super::anomaly::Anomaly;
use super::references::{PersonKind, Referent};
use crate::fact::{ByNumber, Contract, Fact, Matter, Named, NamedAs, Number};
use crate::id::{BidId, CommitmentId, IssueId, OpportunityId, PersonId, ProjectId};
use crate::setting::Setting;
use crate::time::{Timestamp, When};

/// What stands open, and what was odd about it.
#[derive(Debug, Clone)]
pub(super) struct Sequences<'p> {
    setting: Setting<'p>,
    /// Whether each was decided, dropped or closed.
    bids: ByNumber<BidId, bool>,
    opportunities: ByNumber<OpportunityId, bool>,
    projects: ByNumber<ProjectId, bool>,
    commitments: ByNumber<CommitmentId, Promise>,
    issues: ByNumber<IssueId, Issue>,
    /// Whether each has left.
    left: ByNumber<PersonId, bool>,
    found: Vec<Anomaly>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Promise {
    /// The due date in force, once it was made.
    due: Option<Timestamp>,
    closed: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Issue {
    raised: bool,
    resolved: bool,
}

impl<'p> Sequences<'p> {
    pub(super) fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            bids: ByNumber::default(),
            opportunities: ByNumber::default(),
            projects: ByNumber::default(),
            commitments: ByNumber::default(),
            issues: ByNumber::default(),
            left: ByNumber::default(),
            found: Vec::new(),
        }
    }

    /// What was found, in the order in which it was met.
    pub(super) fn anomalies(&self) -> impl Iterator<Item = Anomaly> + '_ {
        self.found.iter().cloned()
    }

    pub(super) fn apply(&mut self, fact: &Fact) {
        self.decide(fact);
        self.promise(fact);
        self.trouble(fact);
        self.meet(fact);
        if let Matter::InvoiceIssued { invoice, due, .. } = fact.matter {
            self.dates(Some(fact.occurred_at), self.instant(due), invoice, fact);
        } else if let Matter::ContractSigned(contract) = &fact.matter {
            self.contract(contract, fact);
        }
    }

    fn decide(&mut self, fact: &Fact) {
        if let Matter::BidWon { bid, .. } | Matter::BidLost { bid } = fact.matter {
            if std::mem::replace(self.bids.entry(bid), true) {
                self.idle(bid, fact);
            }
        } else if let Matter::OpportunityDropped { opportunity } = fact.matter {
            if std::mem::replace(self.opportunities.entry(opportunity), true) {
                self.idle(opportunity, fact);
            }
        } else if let Matter::ProjectClosed { project, .. } = fact.matter
            && std::mem::replace(self.projects.entry(project), true)
        {
            self.idle(project, fact);
        }
    }

    fn promise(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        if let Matter::CommitmentMade { commitment, due, .. } = fact.matter {
            let promise = self.commitments.entry(commitment);
            if promise.due.is_none() {
                let due = self.setting.instant(due);
                promise.due = Some(due);
                self.dates(Some(at), Some(due), commitment, fact);
            }
        } else if let Matter::CommitmentMoved { commitment, due } = fact.matter {
            let due = self.setting.instant(due);
            if !self.commitments.entry(commitment).put_off(at, due) {
                self.idle(commitment, fact);
            }
        } else if let Matter::CommitmentKept { commitment } | Matter::CommitmentBroken { commitment } =
            fact.matter
            && std::mem::replace(&mut self.commitments.entry(commitment).closed, true)
        {
            self.idle(commitment, fact);
        }
    }

    fn trouble(&mut self, fact: &Fact) {
        if let Matter::IssueRaised { issue, due, .. } = fact.matter {
            if !std::mem::replace(&mut self.issues.entry(issue).raised, true) {
                self.dates(Some(fact.occurred_at), self.instant(due), issue, fact);
            }
        } else if let Matter::IssueResolved { issue } = fact.matter {
            let known = self.issues.entry(issue);
            if std::mem::replace(&mut known.resolved, true) && known.raised {
                self.idle(issue, fact);
            }
        } else if let Matter::IssueReopened { issue } = fact.matter
            && !self.issues.entry(issue).reopen()
        {
            self.idle(issue, fact);
        }
    }

    fn meet(&mut self, fact: &Fact) {
        if let Matter::ContactAdded { contact, .. } = fact.matter {
            *self.left.entry(contact) = false;
        } else if let Matter::ContactLeft { contact } = fact.matter {
            if std::mem::replace(self.left.entry(contact), true) {
                let (position, id) = (fact.position, self.pseudonym(contact));
                let to = Referent::Person(PersonKind::Contact);
                self.found.push(Anomaly::WithoutEffect { position, to, id });
            }
        } else if let Matter::MeetingHeld(meeting) = &fact.matter {
            let others = meeting.parties.iter().filter(|party| party.named_as != NamedAs::Ours);
            for gone in others.filter(|party| self.left.get(party.person) == Some(&true)) {
                let (position, id) = (fact.position, self.pseudonym(gone.person));
                self.found.push(Anomaly::MetAfterLeaving { position, id });
            }
        }
    }

    fn pseudonym(&self, person: Number<PersonId>) -> CompactString {
        self.setting.names.person(person).map(PersonId::pseudonym).unwrap_or_default()
    }

    fn id<T: Named>(&self, thing: Number<T>) -> (Referent, CompactString) {
        (Referent::Thing(T::KIND), self.setting.names.text(thing).into())
    }

    fn idle<T: Named>(&mut self, thing: Number<T>, fact: &Fact) {
        let (to, id) = self.id(thing);
        self.found.push(Anomaly::WithoutEffect { position: fact.position, to, id });
    }

    fn dates<T: Named>(
        &mut self,
        start: Option<Timestamp>,
        end: Option<Timestamp>,
        thing: Number<T>,
        fact: &Fact,
    ) {
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            let (to, id) = self.id(thing);
            self.found.push(Anomaly::EndsBeforeStart { position: fact.position, to, id });
        }
    }

    fn instant(&self, when: Option<When>) -> Option<Timestamp> {
        when.map(|when| self.setting.instant(when))
    }

    fn contract(&mut self, contract: &Contract, fact: &Fact) {
        let begins = |when| match when {
            When::Day(day) => self.setting.zone.start_of(day),
            When::At(at) => at,
        };
        let starts = contract.starts.map(begins);
        self.dates(starts, self.instant(contract.expires), contract.contract, fact);
    }
}

impl Promise {
    /// Whether a move changes anything: only before the due date then in force, and before the closing.
    fn put_off(&mut self, at: Timestamp, due: Timestamp) -> bool {
        let moves = !self.closed && self.due.is_some_and(|due| at <= due);
        if moves {
            self.due = Some(due);
        }
        moves
    }
}

impl Issue {
    /// Whether a reopening changes anything: only of what was raised and resolved.
    fn reopen(&mut self) -> bool {
        let reopens = self.raised && self.resolved;
        if reopens {
            self.resolved = false;
        }
        reopens
    }
}
