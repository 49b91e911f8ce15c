//! The account itself: opened, described, merged, closed.

use std::collections::BTreeMap;

use super::payload::{Ratio, payloads};
use crate::id::{AccountId, Criterion, TraitName};
use crate::text::Label;

payloads! {
    /// Payload of `account.opened`.
    plain AccountOpened {
        /// What people call the account.
        name: Label,
        /// Its trade, such as `steel`.
        industry: Option<Label>,
        /// Where it is.
        region: Option<Label>,
        /// The part of the market it belongs to.
        segment: Option<Label>,
        /// Its size class, such as `500-999`.
        size: Option<Label>,
        /// The account it belongs to.
        parent: Option<AccountId>,
        /// Further traits, by name.
        traits: Option<BTreeMap<TraitName, Label>>,
        /// What it judges suppliers by, each with its weight.
        criteria: Option<BTreeMap<Criterion, Ratio>>,
    }

    /// Payload of `account.updated`: only what changed.
    plain AccountUpdated {
        /// As in `account.opened`.
        name: Option<Label>,
        /// As in `account.opened`.
        industry: Option<Label>,
        /// As in `account.opened`.
        region: Option<Label>,
        /// As in `account.opened`.
        segment: Option<Label>,
        /// As in `account.opened`.
        size: Option<Label>,
        /// As in `account.opened`.
        parent: Option<AccountId>,
        /// Traits to set; those not named stay.
        traits: Option<BTreeMap<TraitName, Label>>,
        /// Criteria to set; those not named stay.
        criteria: Option<BTreeMap<Criterion, Ratio>>,
    }

    /// Payload of `account.merged`.
    plain AccountMerged {
        /// The account that goes on.
        into: AccountId,
    }

    /// Payload of `account.closed`.
    plain AccountClosed {
        /// Why.
        reason: Label,
    }

    /// Payload of `account.reopened`.
    plain AccountReopened {
        /// Why.
        reason: Label,
    }
}
