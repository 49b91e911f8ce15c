//! Alerts with a date of their own: they stand from that date, whatever the hour.

use rust_decimal::Decimal;

use crate::commitments::{CommitmentLine, CommitmentState, Commitments};
use crate::contracts::{ContractLine, ContractState, Contracts};
use crate::fact::Fact;
use crate::policy::AlertsPolicy;
use crate::projection::Projection as _;
use crate::receivables::{ReceivableLine, ReceivableState, Receivables};
use crate::setting::Setting;
use crate::stage::StageView;
use crate::time::Timestamp;

use super::severity::Importance;
use super::{Alert, ListChange, ListNews, Severity, Why};

/// Folds what has dates.
pub(super) struct Dated<'p> {
    setting: Setting<'p>,
    commitments: Commitments<'p>,
    contracts: Contracts<'p>,
    receivables: Receivables<'p>,
}

impl<'p> Dated<'p> {
    pub(super) fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            commitments: Commitments::new(setting),
            contracts: Contracts::new(setting),
            receivables: Receivables::new(setting),
        }
    }

    pub(super) fn apply(&mut self, fact: &Fact) {
        self.commitments.apply(fact);
        self.contracts.apply(fact);
        self.receivables.apply(fact);
    }

    /// The alerts at an instant.
    pub(super) fn alerts(
        &self,
        stage: Option<&StageView>,
        news: Option<&ListNews>,
        as_of: Timestamp,
    ) -> Vec<Alert> {
        let policy = &self.setting.policy.alerts;
        let key = self.setting.key_account.member;
        let importance = if key { Importance::Key } else { Importance::Other };
        let expiring_days = self.setting.policy.portfolio.contract_expiring_days;
        let changed = stage.and_then(|stage| stage_changed(stage, policy, as_of));
        let listed = news.and_then(|news| list_changed(news, policy, as_of));
        let promises =
            self.commitments.evaluate(as_of).into_iter().filter_map(|line| promise(line, policy, as_of));
        let contracts = self.contracts.evaluate(as_of).into_iter();
        let contracts = contracts.filter_map(|line| contract(line, expiring_days));
        let receivables = self.receivables.evaluate(as_of).into_iter().filter_map(receivable);
        let found = changed.into_iter().chain(listed).chain(promises).chain(contracts).chain(receivables);
        found.map(|found| found.alert(importance)).collect()
    }
}

/// An alert before anyone has said how pressing it is.
pub(super) struct Found {
    pub(super) since: Timestamp,
    pub(super) since_or_earlier: bool,
    pub(super) why: Why,
    pub(super) events: Vec<crate::fact::EventRef>,
}

impl Found {
    fn at(since: Timestamp, why: Why, events: Vec<crate::fact::EventRef>) -> Self {
        Self { since, since_or_earlier: false, why, events }
    }

    pub(super) fn alert(self, importance: Importance) -> Alert {
        let Self { since, since_or_earlier, why, events } = self;
        Alert { severity: Severity::of(&why, importance), since, since_or_earlier, why, events }
    }
}

fn is_news(at: Timestamp, policy: &AlertsPolicy, as_of: Timestamp) -> bool {
    at <= as_of && as_of.days_since(at) < policy.news_days
}

fn stage_changed(stage: &StageView, policy: &AlertsPolicy, as_of: Timestamp) -> Option<Found> {
    let last = stage.transitions.last().filter(|last| is_news(last.at, policy, as_of))?;
    let why = Why::StageChanged { from: last.from, to: last.to, cause: last.cause };
    Some(Found::at(last.at, why, Vec::new()))
}

fn list_changed(news: &ListNews, policy: &AlertsPolicy, as_of: Timestamp) -> Option<Found> {
    let at = news.review.occurred_at;
    let why = match news.change {
        ListChange::Entered => Why::KeyListEntered { rule: news.rule },
        ListChange::Left => Why::KeyListLeft { rule: news.rule },
    };
    is_news(at, policy, as_of).then(|| Found::at(at, why, vec![news.review]))
}

/// A promise is overdue after its last instant, and due soon from some days before it, or from the promise or the
/// last move on, if later.
fn promise(line: CommitmentLine, policy: &AlertsPolicy, as_of: Timestamp) -> Option<Found> {
    let CommitmentLine { commitment, by, critical, state, due, days_late, events, .. } = line;
    match state {
        CommitmentState::Overdue => {
            let made = events.iter().map(|event| event.occurred_at).min().unwrap_or(due);
            let why = Why::PromiseOverdue { commitment, by, critical, due, days_late };
            Some(Found::at(due.max(made), why, events))
        }
        CommitmentState::Open if due.days_since(as_of) <= policy.promise_due_days => {
            let known = events.iter().map(|event| event.occurred_at).max().unwrap_or(due);
            let why = Why::PromiseDue { commitment, by, critical, due };
            Some(Found::at(due.plus_days(-policy.promise_due_days).max(known), why, events))
        }
        CommitmentState::Open
        | CommitmentState::Kept
        | CommitmentState::KeptLate
        | CommitmentState::Broken => None,
    }
}

fn contract(line: ContractLine, expiring_days: f64) -> Option<Found> {
    let ContractLine {
        contract, state: ContractState::Expiring, signed_at, expires, days_left, events, ..
    } = line
    else {
        return None;
    };
    let (expires, days_left) = expires.zip(days_left)?;
    let since = expires.plus_days(-expiring_days).max(signed_at);
    Some(Found::at(since, Why::ContractExpiring { contract, expires, days_left }, events))
}

fn receivable(line: ReceivableLine) -> Option<Found> {
    let ReceivableLine {
        invoice,
        state: ReceivableState::Overdue,
        amount,
        open,
        issued_at,
        due,
        days_overdue,
        events,
        ..
    } = line
    else {
        return None;
    };
    let (amount, due) = amount.zip(due)?;
    let open = open.parse::<Decimal>().unwrap_or_default().normalize().to_string();
    let currency = amount.currency.to_string();
    let why = Why::ReceivableOverdue { invoice: invoice?, open, currency, due, days_overdue };
    Some(Found::at(issued_at.map_or(due, |issued| issued.max(due)), why, events))
}
