//! What happens to a thing in an order that it cannot happen in: dates that end before they begin, and events that
//! change nothing since what they are about does not stand so any more.
//!
//! The folds pass over such events; this room says that they did.

use super::anomaly::{Anomaly, Oddity, ShownOf};
use super::references::{PersonKind, Referent};
use crate::fact::{ByNumber, Contract, Fact, Matter, Named, NamedAs, Names, Number};
use crate::id::{BidId, CommitmentId, ContractId, InvoiceId, IssueId, OpportunityId, PersonId, ProjectId};
use crate::position::Position;
use crate::setting::Setting;
use crate::time::{Timestamp, When};

/// What stands open, and what was odd about it.
#[derive(Debug, Clone)]
pub(super) struct Sequences<'p> {
    setting: Setting<'p>,
    bids: Things<BidId, Decided>,
    opportunities: Things<OpportunityId, Decided>,
    projects: Things<ProjectId, Decided>,
    commitments: Things<CommitmentId, Promise>,
    issues: Things<IssueId, Issue>,
    invoices: Things<InvoiceId, ()>,
    contracts: Things<ContractId, ()>,
    contacts: Contacts,
}

/// The things of a kind.
#[derive(Debug, Clone)]
struct Things<T, S> {
    standing: ByNumber<T, S>,
    /// Where an event changed nothing.
    idle: ShownOf<T>,
    /// Where one said that the thing ends before it begins.
    early: ShownOf<T>,
}

/// Whether it was decided, dropped or closed.
#[derive(Debug, Clone, Copy, Default)]
struct Decided(bool);

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

/// People of the customer and third parties.
#[derive(Debug, Clone, Default)]
struct Contacts {
    /// Whether each has left.
    left: ByNumber<PersonId, bool>,
    left_again: ShownOf<PersonId>,
    /// Where they were met after that.
    met: ShownOf<PersonId>,
}

impl<'p> Sequences<'p> {
    pub(super) fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            bids: Things::default(),
            opportunities: Things::default(),
            projects: Things::default(),
            commitments: Things::default(),
            issues: Things::default(),
            invoices: Things::default(),
            contracts: Things::default(),
            contacts: Contacts::default(),
        }
    }

    pub(super) fn anomalies(&self, names: &Names) -> Vec<Anomaly> {
        let mut found = Vec::new();
        self.bids.list(names, &mut found);
        self.opportunities.list(names, &mut found);
        self.projects.list(names, &mut found);
        self.commitments.list(names, &mut found);
        self.issues.list(names, &mut found);
        self.invoices.list(names, &mut found);
        self.contracts.list(names, &mut found);
        self.contacts.list(names, &mut found);
        found
    }

    pub(super) fn apply(&mut self, fact: &Fact) {
        self.decide(fact);
        self.promise(fact);
        self.trouble(fact);
        self.contacts.apply(fact);
        if let Matter::InvoiceIssued { invoice, due, .. } = fact.matter {
            let due = self.instant(due);
            self.invoices.dates(invoice, Some(fact.occurred_at), due, fact);
        } else if let Matter::ContractSigned(contract) = &fact.matter {
            self.contract(contract, fact);
        }
    }

    fn decide(&mut self, fact: &Fact) {
        let by = fact.position;
        if let Matter::BidWon { bid, .. } | Matter::BidLost { bid } = fact.matter {
            self.bids.change(bid, by, Decided::decide);
        } else if let Matter::OpportunityDropped { opportunity } = fact.matter {
            self.opportunities.change(opportunity, by, Decided::decide);
        } else if let Matter::ProjectClosed { project, .. } = fact.matter {
            self.projects.change(project, by, Decided::decide);
        }
    }

    fn promise(&mut self, fact: &Fact) {
        let (at, by) = (fact.occurred_at, fact.position);
        if let Matter::CommitmentMade { commitment, due, .. } = fact.matter {
            let promise = self.commitments.standing.entry(commitment);
            if promise.due.is_none() {
                let due = self.setting.instant(due);
                promise.due = Some(due);
                self.commitments.dates(commitment, Some(at), Some(due), fact);
            }
        } else if let Matter::CommitmentMoved { commitment, due } = fact.matter {
            let due = self.setting.instant(due);
            self.commitments.change(commitment, by, |promise| promise.put_off(at, due));
        } else if let Matter::CommitmentKept { commitment } | Matter::CommitmentBroken { commitment } =
            fact.matter
        {
            self.commitments.change(commitment, by, |promise| !std::mem::replace(&mut promise.closed, true));
        }
    }

    fn trouble(&mut self, fact: &Fact) {
        if let Matter::IssueRaised { issue, due, .. } = fact.matter {
            if !std::mem::replace(&mut self.issues.standing.entry(issue).raised, true) {
                let due = self.instant(due);
                self.issues.dates(issue, Some(fact.occurred_at), due, fact);
            }
        } else if let Matter::IssueResolved { issue } = fact.matter {
            self.issues.change(issue, fact.position, Issue::resolve);
        } else if let Matter::IssueReopened { issue } = fact.matter {
            self.issues.change(issue, fact.position, Issue::reopen);
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
        let (starts, expires) = (contract.starts.map(begins), self.instant(contract.expires));
        self.contracts.dates(contract.contract, starts, expires, fact);
    }
}

impl<T, S> Default for Things<T, S> {
    fn default() -> Self {
        Self { standing: ByNumber::default(), idle: ShownOf::default(), early: ShownOf::default() }
    }
}

impl<T: Named, S: Clone + Default> Things<T, S> {
    /// Takes what an event does to a thing; `change` tells whether that changes anything.
    fn change(&mut self, thing: Number<T>, by: Position, change: impl FnOnce(&mut S) -> bool) {
        if !change(self.standing.entry(thing)) {
            self.idle.add(thing, by);
        }
    }

    fn dates(&mut self, thing: Number<T>, start: Option<Timestamp>, end: Option<Timestamp>, fact: &Fact) {
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            self.early.add(thing, fact.position);
        }
    }

    fn list(&self, names: &Names, found: &mut Vec<Anomaly>) {
        let (to, id) = (Referent::Thing(T::KIND), |thing| names.text(thing).into());
        found.extend(self.idle.anomalies(|thing| Some(Oddity::WithoutEffect { to, id: id(thing) })));
        found.extend(self.early.anomalies(|thing| Some(Oddity::EndsBeforeStart { to, id: id(thing) })));
    }
}

impl Decided {
    /// Whether it was still open.
    fn decide(&mut self) -> bool {
        !std::mem::replace(&mut self.0, true)
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
    /// Whether a solution changes anything: not of what was raised and resolved.
    fn resolve(&mut self) -> bool {
        !(std::mem::replace(&mut self.resolved, true) && self.raised)
    }

    /// Whether a reopening changes anything: only of what was raised and resolved.
    fn reopen(&mut self) -> bool {
        let reopens = self.raised && self.resolved;
        if reopens {
            self.resolved = false;
        }
        reopens
    }
}

impl Contacts {
    fn apply(&mut self, fact: &Fact) {
        if let Matter::ContactAdded { contact, .. } = fact.matter {
            *self.left.entry(contact) = false;
        } else if let Matter::ContactLeft { contact } = fact.matter {
            if std::mem::replace(self.left.entry(contact), true) {
                self.left_again.add(contact, fact.position);
            }
        } else if let Matter::MeetingHeld(meeting) = &fact.matter {
            let others = meeting.parties.iter().filter(|party| party.named_as != NamedAs::Ours);
            for gone in others.filter(|party| self.left.get(party.person) == Some(&true)) {
                self.met.add(gone.person, fact.position);
            }
        }
    }

    fn list(&self, names: &Names, found: &mut Vec<Anomaly>) {
        let id = |person| names.person(person).map(PersonId::pseudonym).unwrap_or_default();
        let to = Referent::Person(PersonKind::Contact);
        found.extend(self.left_again.anomalies(|person| Some(Oddity::WithoutEffect { to, id: id(person) })));
        found.extend(self.met.anomalies(|person| Some(Oddity::MetAfterLeaving { id: id(person) })));
    }
}
