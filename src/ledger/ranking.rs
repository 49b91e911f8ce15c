//! Which accounts of a ranking are wanted, and in which order.

use super::ask::AccountRow;
use super::portfolio::AccountFilter;

/// What is wanted of a ranking; the default wants all of it.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// Which accounts.
    pub filter: AccountFilter,
    /// In which order.
    pub sort: Sort,
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
        rows.retain(|row| self.filter.wants_row(row));
        self.order(rows);
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
