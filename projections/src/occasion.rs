//! Occasions: what counts as business where a history is tested.

use serde::Serialize;

use crate::fact::Matter;
use crate::policy::{Policy, RhythmPolicy};

/// The kind of event whose days are the occasions of a fit or a backtest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// An order.
    #[default]
    Order,
    /// A bid that was decided, won or lost.
    Bid,
    /// A two-way contact.
    Contact,
}

impl Occasion {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Order, Self::Bid, Self::Contact];

    /// The name, such as `order`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Bid => "bid",
            Self::Contact => "contact",
        }
    }

    /// What an account does then, as in "will it order?".
    pub fn verb(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Bid => "decide on a bid",
            Self::Contact => "be in two-way contact",
        }
    }

    /// Whether something that happened is such an occasion.
    pub(crate) fn is(self, matter: &Matter) -> bool {
        match self {
            Self::Order => matches!(matter, Matter::OrderPlaced { .. }),
            Self::Bid => matches!(matter, Matter::BidWon { .. } | Matter::BidLost { .. }),
            Self::Contact => matches!(matter, Matter::MeetingHeld(meeting) if meeting.two_way),
        }
    }

    /// What the policy assumes of its rhythm: contacts have their own, orders and bids share one.
    pub(crate) fn rhythm(self, policy: &Policy) -> &RhythmPolicy {
        match self {
            Self::Order | Self::Bid => &policy.rhythm.orders,
            Self::Contact => &policy.rhythm.contacts,
        }
    }
}
