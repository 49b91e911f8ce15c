//! The lists: everything that is kept of an account line by line, each line with the events behind it.

use serde::Serialize;

use crate::adjustments::{AdjustmentLine, Adjustments};
use crate::balance::{Balance, BalanceLine};
use crate::bids::{BidLine, Bids, OpportunityLine};
use crate::commitments::{CommitmentLine, Commitments};
use crate::concessions::{ConcessionLine, Concessions};
use crate::contacts::{ContactLine, Contacts};
use crate::contracts::{ContractLine, Contracts};
use crate::deliveries::{Deliveries, DeliveryLine};
use crate::hospitality::{Hospitalities, HospitalityLine};
use crate::image::Image;
use crate::issues::{IssueLine, Issues};
use crate::plan::{PlanLine, Plans};
use crate::process::{Process, ProcessLine};
use crate::projection::{Projection, fold};
use crate::projects::{NeedLine, Needs, ProjectLine, Projects};
use crate::receivables::{ReceivableLine, Receivables};
use crate::setting::Setting;
use crate::team::{Team, TeamLine};
use crate::time::Timestamp;
use crate::value::{Value, ValueLine};

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// What evaluations decided to adjust.
    Adjustments,
    /// Where the work goes by scene, line and task.
    Balance,
    /// The bid book.
    Bids,
    /// The promise ledger of both sides.
    Commitments,
    /// The concession ledger of both sides.
    Concessions,
    /// The stakeholder map.
    Contacts,
    /// Contracts and their expiry.
    Contracts,
    /// The delivery record.
    Deliveries,
    /// Hospitality, never scored.
    Hospitality,
    /// The issue record.
    Issues,
    /// Needs and what followed.
    Needs,
    /// Chances of business.
    Opportunities,
    /// Objectives, targets and progress.
    Plan,
    /// Which steps are done, and by which event.
    Process,
    /// Projects and their outcome.
    Projects,
    /// Invoices and what was paid of them.
    Receivables,
    /// Who does what for the account.
    Team,
    /// Effort, and the value against it.
    Value,
}

/// The lines of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each variant is the list of the same name")]
pub enum Lines {
    Adjustments(Vec<AdjustmentLine>),
    Balance(Vec<BalanceLine>),
    Bids(Vec<BidLine>),
    Commitments(Vec<CommitmentLine>),
    Concessions(Vec<ConcessionLine>),
    Contacts(Vec<ContactLine>),
    Contracts(Vec<ContractLine>),
    Deliveries(Vec<DeliveryLine>),
    Hospitality(Vec<HospitalityLine>),
    Issues(Vec<IssueLine>),
    Needs(Vec<NeedLine>),
    Opportunities(Vec<OpportunityLine>),
    Plan(Vec<PlanLine>),
    Process(Vec<ProcessLine>),
    Projects(Vec<ProjectLine>),
    Receivables(Vec<ReceivableLine>),
    Team(Vec<TeamLine>),
    Value(Vec<ValueLine>),
}

impl List {
    /// Every list, by name.
    pub const ALL: [Self; 18] = [
        Self::Adjustments,
        Self::Balance,
        Self::Bids,
        Self::Commitments,
        Self::Concessions,
        Self::Contacts,
        Self::Contracts,
        Self::Deliveries,
        Self::Hospitality,
        Self::Issues,
        Self::Needs,
        Self::Opportunities,
        Self::Plan,
        Self::Process,
        Self::Projects,
        Self::Receivables,
        Self::Team,
        Self::Value,
    ];

    /// The name in questions and answers, such as `commitments`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adjustments => "adjustments",
            Self::Balance => "balance",
            Self::Bids => "bids",
            Self::Commitments => "commitments",
            Self::Concessions => "concessions",
            Self::Contacts => "contacts",
            Self::Contracts => "contracts",
            Self::Deliveries => "deliveries",
            Self::Hospitality => "hospitality",
            Self::Issues => "issues",
            Self::Needs => "needs",
            Self::Opportunities => "opportunities",
            Self::Plan => "plan",
            Self::Process => "process",
            Self::Projects => "projects",
            Self::Receivables => "receivables",
            Self::Team => "team",
            Self::Value => "value",
        }
    }

    /// Folds the list at (T, K). Cost: O(events of the account).
    pub fn fold(self, setting: Setting<'_>, image: &Image, as_of: Timestamp, known_at: Timestamp) -> Lines {
        let at = (image, as_of, known_at);
        match self {
            Self::Adjustments => Lines::Adjustments(lines(Adjustments::new(setting), at)),
            Self::Balance => Lines::Balance(lines(Balance::new(setting), at)),
            Self::Bids => Lines::Bids(lines(Bids::new(setting), at)),
            Self::Commitments => Lines::Commitments(lines(Commitments::<f64>::new(setting), at)),
            Self::Concessions => Lines::Concessions(lines(Concessions::new(setting), at)),
            Self::Contacts => Lines::Contacts(lines(Contacts::new(setting), at)),
            Self::Contracts => Lines::Contracts(lines(Contracts::new(setting), at)),
            Self::Deliveries => Lines::Deliveries(lines(Deliveries::new(setting), at)),
            Self::Hospitality => Lines::Hospitality(lines(Hospitalities::new(setting), at)),
            Self::Issues => Lines::Issues(lines(Issues::new(setting), at)),
            Self::Needs => Lines::Needs(lines(Needs::new(setting), at)),
            Self::Opportunities => {
                let mut bids = Bids::new(setting);
                image.visit(as_of, known_at, |fact| bids.apply(fact));
                Lines::Opportunities(bids.opportunities())
            }
            Self::Plan => Lines::Plan(lines(Plans::new(setting), at)),
            Self::Process => Lines::Process(lines(Process::default(), at)),
            Self::Projects => Lines::Projects(lines(Projects::new(setting), at)),
            Self::Receivables => Lines::Receivables(lines(Receivables::new(setting), at)),
            Self::Team => Lines::Team(lines(Team::new(setting), at)),
            Self::Value => Lines::Value(lines(Value::new(setting), at)),
        }
    }
}

fn lines<P: Projection>(projection: P, (image, as_of, known_at): (&Image, Timestamp, Timestamp)) -> P::View {
    fold(projection, image, as_of, known_at)
}
