//! Shapes of the ledger's own events, version 1.

use std::collections::BTreeMap;

use guanxi_projections::event::own as live;
use guanxi_projections::event::payload::Ratio;
use guanxi_projections::form::{Person, Sealed};
use guanxi_projections::id::{AccountId, TraitName};
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::text::{Label, PolicyText};
use guanxi_projections::time::When;

use super::shape::{frozen, nested};

frozen! {
    /// `policy.adopted`.
    plain PolicyAdopted of live::PolicyAdopted {
        version: u32,
        policy: PolicyText,
        reason: Label,
    }

    /// `rate.set`.
    plain RateSet of live::RateSet {
        from: Currency,
        to: Currency,
        rate: Amount,
        date: When,
    }

    /// `calibration.fitted`.
    plain CalibrationFitted of live::CalibrationFitted {
        horizon: u32,
        b0: f64,
        b_s: f64,
        b_m: f64,
        b_l: f64,
        m0: f64,
        cutoffs: Vec<When>,
        rows: u32,
    }

    /// `anchors.frozen`.
    plain AnchorsFrozen of live::AnchorsFrozen {
        quarter: Label,
        m0: Option<f64>,
        v0: Option<f64>,
        v1: Option<f64>,
        gap: Option<f64>,
        win_rate: Option<Ratio>,
        traits: BTreeMap<TraitName, BTreeMap<String, [u32; 2]>>,
        totals: [u32; 2],
    }

    /// Stands inside a body.
    plain ReviewMember of live::ReviewMember {
        account: AccountId,
        rank: u32,
        score: f64,
        rule: live::ListRule,
    }

    /// Stands inside a body.
    plain ReviewExit of live::ReviewExit {
        account: AccountId,
        rule: live::ListRule,
    }

    /// `review.held`.
    plain ReviewHeld of live::ReviewHeld {
        as_of: When,
        percent: Amount,
        seats: u32,
        members: Vec<live::ReviewMember>,
        exits: Vec<live::ReviewExit>,
    }

    /// `account.pinned`.
    plain AccountPinned of live::AccountPinned {
        account: AccountId,
        until: When,
        reason: Label,
    }

    /// `account.unpinned`.
    plain AccountUnpinned of live::AccountUnpinned {
        account: AccountId,
        until: When,
        reason: Label,
    }

    /// `industry.rated`.
    plain IndustryRated of live::IndustryRated {
        industry: Label,
        positives: u32,
        negatives: u32,
        reason: Label,
    }

    /// `period.closed`.
    plain PeriodClosed of live::PeriodClosed {
        until: When,
    }

    /// `heads.sealed`.
    plain HeadsSealed of live::HeadsSealed {
        size: u64,
        streams: u64,
        root: Label,
    }

    /// `key.rotated`.
    plain KeyRotated of live::KeyRotated {
        old: Label,
        new: Label,
    }

    /// `subject.erased`.
    plain SubjectErased of live::SubjectErased<Sealed> {
        person: Person<Sealed>,
        reason: Label,
    }

    /// `subject.readmitted`.
    plain SubjectReadmitted of live::SubjectReadmitted<Sealed> {
        person: Person<Sealed>,
        reason: Label,
    }
}

nested!(ReviewMember of live::ReviewMember, ReviewExit of live::ReviewExit);
