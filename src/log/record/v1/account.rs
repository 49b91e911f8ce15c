//! Shapes of the account itself, version 1.

use std::collections::BTreeMap;

use guanxi_projections::event::account as live;
use guanxi_projections::event::payload::Ratio;
use guanxi_projections::id::{AccountId, Criterion, TraitName};
use guanxi_projections::text::Label;

use super::shape::frozen;

frozen! {
    /// `account.opened`.
    plain AccountOpened of live::AccountOpened {
        name: Label,
        industry: Option<Label>,
        region: Option<Label>,
        segment: Option<Label>,
        size: Option<Label>,
        parent: Option<AccountId>,
        traits: Option<BTreeMap<TraitName, Label>>,
        criteria: Option<BTreeMap<Criterion, Ratio>>,
    }

    /// `account.updated`.
    plain AccountUpdated of live::AccountUpdated {
        name: Option<Label>,
        industry: Option<Label>,
        region: Option<Label>,
        segment: Option<Label>,
        size: Option<Label>,
        parent: Option<AccountId>,
        traits: Option<BTreeMap<TraitName, Label>>,
        criteria: Option<BTreeMap<Criterion, Ratio>>,
    }

    /// `account.merged`.
    plain AccountMerged of live::AccountMerged {
        into: AccountId,
    }

    /// `account.closed`.
    plain AccountClosed of live::AccountClosed {
        reason: Label,
    }

    /// `account.reopened`.
    plain AccountReopened of live::AccountReopened {
        reason: Label,
    }
}
