//! What a ledger promises, tried out in a directory of its own under a clock that stands still.

mod answers;
mod cache;
mod epochs;
mod openings;
mod own;
mod poison;
mod policies;
mod portfolio;
mod reviews;
mod revisions;
mod submissions;
mod threads;

use std::sync::Arc;

use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::position::Position;
use guanxi_projections::rejection::Rule;
use guanxi_projections::time::{Timestamp, When, Zone};
use guanxi_projections::wire::{self, Draft};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    Accepted, Access, Asked, ClockCheck, Directory, Genesis, Ledger, Receipt, Refused, Revising, Submission,
    SubmitError, Unit,
};
use crate::clock::FixedClock;

/// The clock's time when a test begins.
const NOW: &str = "2026-06-01T12:00:00Z";

/// A ledger, gone at the end of the test.
struct Stage {
    root: TempDir,
    clock: Arc<FixedClock>,
    ledger: Option<Ledger>,
}

impl Stage {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        let clock = Arc::new(FixedClock::at(at(NOW)));
        let mut stage = Self { root, clock, ledger: None };
        let genesis = Genesis { zone: Zone::named("UTC").unwrap(), policy: None };
        Ledger::create(&stage.directory(), stage.clock.clone(), &genesis).unwrap();
        stage.reopen();
        stage
    }

    fn directory(&self) -> Directory {
        Directory::new(&self.root.path().join("ledger"), None).unwrap()
    }

    fn reopen(&mut self) {
        self.ledger = None;
        let access = Access::Write(ClockCheck::FirstAppend);
        self.ledger = Some(Ledger::open(&self.directory(), self.clock.clone(), access, "test").unwrap());
    }

    fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }

    /// Bytes of the store of persons.
    fn people_bytes(&self) -> u64 {
        std::fs::metadata(self.root.path().join("ledger/people")).unwrap().len()
    }

    fn submit(&self, drafts: Vec<Draft>, unit: Unit) -> Result<Vec<Receipt>, SubmitError> {
        self.ledger().submit(&submission(drafts, unit))
    }

    /// Submits one event that must be recorded, a minute after the one before.
    #[track_caller]
    fn tell(&self, draft: Draft) -> Accepted {
        self.clock.advance_micros(60_000_000);
        match self.submit(vec![draft], Unit::Whole).unwrap().remove(0) {
            Receipt::Accepted(accepted) => accepted,
            Receipt::Refused(refused) => panic!("{refused}"),
        }
    }

    /// Submits events of which one must be refused, and checks that nothing was recorded.
    #[track_caller]
    fn refused(&self, drafts: Vec<Draft>) -> (usize, Refused) {
        let before = self.ledger().head();
        let error = self.submit(drafts, Unit::Whole).unwrap_err();
        assert_eq!(self.ledger().head(), before);
        let SubmitError::Refused { index, refused } = error else { panic!("{error}") };
        (index, refused)
    }

    #[track_caller]
    fn breaks(&self, rule: Rule, draft: Draft) {
        assert_eq!(rule_of(&self.refused(vec![draft]).1), rule);
    }

    fn answer(&self, account: &str, as_of: &str, known_at: &str) -> String {
        let asked = asked(as_of, known_at);
        match self.ledger().account(&AccountId::new(account).unwrap(), &asked) {
            Ok(answer) => self.ledger().to_json(&answer).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    /// How many events of an account are folded.
    fn events(&self, account: &str) -> u64 {
        let account = AccountId::new(account).unwrap();
        self.ledger().account(&account, &Asked::default()).map_or(0, |answer| answer.view.events)
    }
}

fn submission(drafts: Vec<Draft>, unit: Unit) -> Submission {
    Submission {
        drafts,
        unit,
        actor: Actor::new("tester").unwrap(),
        revising: Revising::Any,
        expected_count: None,
    }
}

fn asked(as_of: &str, known_at: &str) -> Asked {
    let when = |text: &str| Some(text.parse::<When>().unwrap());
    Asked { as_of: when(as_of), known_at: when(known_at), ..Asked::default() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[track_caller]
fn rule_of(refused: &Refused) -> Rule {
    let Refused::Rejected(rejection) = refused else { panic!("{refused}") };
    rejection.rule
}

/// What became of each event: its position, `duplicate`, or why it was refused.
fn fates(receipts: &[Receipt]) -> Vec<String> {
    let fate = |receipt: &Receipt| match receipt {
        Receipt::Accepted(accepted) if accepted.duplicate => format!("duplicate {}", accepted.position),
        Receipt::Accepted(accepted) => accepted.position.to_string(),
        Receipt::Refused(Refused::Rejected(rejection)) => rejection.rule.code().to_owned(),
        Receipt::Refused(Refused::Conflict { position }) => format!("conflict {position}"),
        Receipt::Refused(Refused::PreconditionFailed { .. }) => "precondition".to_owned(),
    };
    receipts.iter().map(fate).collect()
}

fn event(id: &str, account: &str, event_type: &str, time: &str, data: &Value) -> Draft {
    let event = json!({
        "specversion": "1.0", "id": id, "source": "test", "type": event_type, "subject": account,
        "time": time, "data": data,
    });
    wire::parse(&event).unwrap()
}

fn opened(id: &str, account: &str) -> Draft {
    event(id, account, "account.opened", "2026-01-01T00:00:00Z", &json!({ "name": "Acme" }))
}

fn order(id: &str, account: &str, time: &str) -> Draft {
    let data = json!({ "order": id, "amount": { "amount": "100.00", "currency": "CNY" } });
    event(id, account, "order.placed", time, &data)
}

/// An order in April.
fn april(id: &str, account: &str) -> Draft {
    order(id, account, "2026-04-01T00:00:00Z")
}

fn assigned(id: &str, account: &str, person: &str) -> Draft {
    let data = json!({ "person": person, "role": "owner" });
    event(id, account, "team.assigned", "2026-02-01T00:00:00Z", &data)
}

fn named(id: &str) -> Value {
    json!({ "source": "test", "id": id })
}

fn placed(position: Position) -> Value {
    json!({ "position": position.0 })
}

fn retract(id: &str, account: &str, target: &Value) -> Draft {
    let data = json!({ "target": target, "reason": "untrue" });
    event(id, account, "event.retracted", NOW, &data)
}

/// A correction of time to 1 March 2026.
fn correct(id: &str, account: &str, target: &Value) -> Draft {
    let data = json!({ "target": target, "reason": "wrong", "time": "2026-03-01T00:00:00Z" });
    event(id, account, "event.corrected", NOW, &data)
}
