//! The bid book and the opportunities behind it.
//!
//! The first decision of a bid is its decision, and decides every opportunity that the bid ever named. A bid decided before it was submitted (feeds arrive out of order)
//! is a line all the same.

use serde::Serialize;

use crate::fact::{ByNumber, EventRef, Fact, Matter, Number, Opportunity};
use crate::id::{BidId, OpportunityId, ProjectId};
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::{Timestamp, When};

/// Folds the bid book.
#[derive(Debug, Clone)]
pub struct Bids<'p> {
    setting: Setting<'p>,
    bids: ByNumber<BidId, Bid>,
    opportunities: ByNumber<OpportunityId, Chance>,
}

#[derive(Debug, Clone, Default)]
struct Bid {
    /// Those that it named, the first one first.
    opportunities: Vec<Number<OpportunityId>>,
    project: Option<Number<ProjectId>>,
    amount: Option<Money>,
    submitted_at: Option<Timestamp>,
    decided: Option<(BidState, EventRef)>,
    events: Vec<EventRef>,
}

#[derive(Debug, Clone, Default)]
struct Chance {
    opened: Option<(Opportunity, Timestamp)>,
    dropped_at: Option<Timestamp>,
    events: Vec<EventRef>,
}

/// How a bid, or the opportunity behind it, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BidState {
    /// Not decided.
    Open,
    /// The customer took our offer.
    Won,
    /// The customer took another offer, or none.
    Lost,
    /// Given up.
    Dropped,
}

/// A line of the bid book.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BidLine {
    /// The bid.
    pub bid: String,
    /// How it stands.
    pub state: BidState,
    /// The opportunity it named first.
    pub opportunity: Option<String>,
    /// The amount: that of the decision where it names one, else the offered one.
    pub amount: Option<Money>,
    /// When it was submitted; `None` where nothing says so.
    pub submitted_at: Option<Timestamp>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// The project it belongs to.
    pub project: Option<String>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

/// A line of the opportunities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpportunityLine {
    /// The opportunity.
    pub opportunity: String,
    /// How it stands.
    pub state: BidState,
    /// What it may bring.
    pub amount: Option<Money>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When a decision is expected.
    pub expected_close: Option<When>,
    /// When it was dropped or decided.
    pub closed_at: Option<Timestamp>,
    /// The project it belongs to.
    pub project: Option<String>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Bids<'p> {
    /// No bids yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, bids: ByNumber::default(), opportunities: ByNumber::default() }
    }

    fn project(&self, project: Option<Number<ProjectId>>) -> Option<String> {
        project.map(|project| self.setting.names.text(project).to_owned())
    }

    /// The opportunities, in the order in which they were first met.
    pub fn opportunities(&self) -> Vec<OpportunityLine> {
        self.opportunities.iter().filter_map(|(number, chance)| self.opportunity(number, chance)).collect()
    }

    fn opportunity(&self, number: Number<OpportunityId>, chance: &Chance) -> Option<OpportunityLine> {
        let (opened, opened_at) = chance.opened.as_ref()?;
        let naming = self.bids.values().filter(|bid| bid.opportunities.contains(&number));
        let decision =
            naming.clone().filter_map(|bid| bid.decided).min_by_key(|(_, event)| event.occurred_at);
        let (state, closed_at) = match (decision, chance.dropped_at) {
            (Some((state, event)), _) => (state, Some(event.occurred_at)),
            (None, Some(at)) => (BidState::Dropped, Some(at)),
            (None, None) => (BidState::Open, None),
        };
        let bids = naming.flat_map(|bid| bid.events.iter().copied());
        Some(OpportunityLine {
            opportunity: self.setting.names.text(number).to_owned(),
            state,
            amount: opened.amount,
            opened_at: *opened_at,
            expected_close: opened.expected_close,
            closed_at,
            project: self.project(opened.project),
            events: chance.events.iter().copied().chain(bids).collect(),
        })
    }
}

impl Projection for Bids<'_> {
    /// The bid book, in the order in which the bids were first met.
    type View = Vec<BidLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::BidSubmitted { bid, opportunity, amount, project } = fact.matter {
            let bid = self.bids.entry(bid);
            bid.events.push(fact.event());
            bid.submitted_at.get_or_insert(fact.occurred_at);
            bid.opportunities.extend(opportunity);
            bid.project = bid.project.or(project);
            bid.amount = bid.amount.or(amount);
        } else if let Matter::BidWon { bid, amount } = fact.matter {
            self.bids.entry(bid).decide(BidState::Won, amount, fact);
        } else if let Matter::BidLost { bid } = fact.matter {
            self.bids.entry(bid).decide(BidState::Lost, None, fact);
        } else if let Matter::OpportunityOpened(opened) = &fact.matter {
            let chance = self.opportunities.entry(opened.opportunity);
            chance.events.push(fact.event());
            chance.opened.get_or_insert_with(|| (Opportunity::clone(opened), fact.occurred_at));
        } else if let Matter::OpportunityDropped { opportunity } = fact.matter {
            let chance = self.opportunities.entry(opportunity);
            chance.events.push(fact.event());
            chance.dropped_at.get_or_insert(fact.occurred_at);
        }
    }

    fn evaluate(&self, _as_of: Timestamp) -> Self::View {
        let line = |(number, bid): (Number<BidId>, &Bid)| {
            let names = self.setting.names;
            (!bid.events.is_empty()).then(|| BidLine {
                bid: names.text(number).to_owned(),
                state: bid.decided.map_or(BidState::Open, |(state, _)| state),
                opportunity: bid.opportunities.first().map(|opportunity| names.text(*opportunity).to_owned()),
                amount: bid.amount,
                submitted_at: bid.submitted_at,
                decided_at: bid.decided.map(|(_, event)| event.occurred_at),
                project: self.project(bid.project),
                events: bid.events.clone(),
            })
        };
        self.bids.iter().filter_map(line).collect()
    }
}

impl Bid {
    fn decide(&mut self, state: BidState, amount: Option<Money>, fact: &Fact) {
        self.events.push(fact.event());
        if self.decided.is_none() {
            self.decided = Some((state, fact.event()));
            self.amount = amount.or(self.amount);
        }
    }
}
