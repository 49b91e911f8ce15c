//! Which accounts of a ranking are wanted, and in which order.

use guanxi_projections::health::Colour;
use guanxi_projections::id::Alias;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;

use super::ask::AccountRow;

/// What is wanted of a ranking; the default wants all of it.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// Only those in one of these stages; all when empty.
    pub stages: Vec<Stage>,
    /// Only those whose health has one of these colours; all when empty.
    pub colours: Vec<Colour>,
    /// Only those in one of these quadrants; all when empty.
    pub quadrants: Vec<Quadrant>,
    /// Only those with such an owner.
    pub owner: Owner,
    /// Only key accounts.
    pub key: bool,
    /// Only those with at least this score.
    pub min_score: Option<f64>,
    /// In which order.
    pub sort: Sort,
}

/// Who shall answer for an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Owner {
    /// Anybody or nobody.
    #[default]
    Any,
    /// Nobody.
    Nobody,
    /// This person, by alias.
    Person(String),
}

/// An order of accounts; ties by account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By the rank of the score; closed and merged accounts at the end.
    #[default]
    Rank,
    /// By health, worst first.
    Health,
    /// By the outlook, least probable first.
    Outlook,
    /// By the account's id.
    Account,
    /// By name.
    Name,
    /// By stage, in the order of the lifecycle.
    Stage,
    /// By the beginning of the stage, newest first.
    Since,
    /// By the next predicted transition, soonest first.
    Next,
    /// By the number of events, most first.
    Events,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 9] = [
        Self::Rank,
        Self::Health,
        Self::Outlook,
        Self::Account,
        Self::Name,
        Self::Stage,
        Self::Since,
        Self::Next,
        Self::Events,
    ];

    /// The word in questions, such as `rank`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Health => "health",
            Self::Outlook => "outlook",
            Self::Account => "account",
            Self::Name => "name",
            Self::Stage => "stage",
            Self::Since => "since",
            Self::Next => "next",
            Self::Events => "events",
        }
    }
}

impl Ranking {
    /// Keeps the rows that are wanted, in the order that is wanted. The rows come sorted by account.
    pub fn apply(&self, rows: &mut Vec<AccountRow>) {
        rows.retain(|row| self.wants(row));
        self.order(rows);
    }

    fn wants(&self, row: &AccountRow) -> bool {
        let owner = row.owner.as_ref().map(Alias::as_str);
        let answered_for = match &self.owner {
            Owner::Any => true,
            Owner::Nobody => owner.is_none(),
            Owner::Person(wanted) => owner == Some(wanted.as_str()),
        };
        answered_for
            && (self.stages.is_empty() || self.stages.contains(&row.stage))
            && (self.colours.is_empty() || self.colours.contains(&row.colour))
            && (self.quadrants.is_empty() || self.quadrants.contains(&row.quadrant))
            && (!self.key || row.key_account)
            && self.min_score.is_none_or(|least| row.score >= least)
    }

    fn order(&self, rows: &mut [AccountRow]) {
        match self.sort {
            Sort::Account => {}
            Sort::Rank => rows.sort_by_key(|row| row.rank.unwrap_or(u32::MAX)),
            Sort::Health => rows.sort_by(|a, b| a.health.total_cmp(&b.health)),
            Sort::Outlook => {
                let outlook = |row: &AccountRow| row.outlook.unwrap_or(f64::INFINITY);
                rows.sort_by(|a, b| outlook(a).total_cmp(&outlook(b)));
            }
            Sort::Name => rows.sort_by(|a, b| a.name.cmp(&b.name)),
            Sort::Stage => rows.sort_by_key(|row| row.stage),
            Sort::Since => rows.sort_by_key(|row| std::cmp::Reverse(row.since)),
            Sort::Next => rows.sort_by_key(|row| row.next.map_or(i64::MAX, |next| next.at.micros())),
            Sort::Events => rows.sort_by_key(|row| std::cmp::Reverse(row.events)),
        }
    }
}
