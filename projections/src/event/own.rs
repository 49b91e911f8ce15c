//! The ledger's own events, on the stream `$ledger`: written by commands of their own, never by the append
//! route. `Source:` specification of the projections, section 13.

use std::collections::BTreeMap;

use super::payload::{Ratio, payloads, words};
use crate::form::Person;
use crate::id::{AccountId, TraitName};
use crate::money::{Amount, Currency};
use crate::text::{Label, PolicyText};
use crate::time::When;

words! {
    /// The rule by which an account entered, stayed on or left the key list.
    ListRule {
        /// An incumbent within the wider band stayed.
        Stayed = "stayed",
        /// An incumbent in its first two reviews stayed.
        Settling = "settling",
        /// A challenger within the narrower band entered.
        Challenged = "challenged",
        /// A challenger filled a free seat.
        Filled = "filled",
        /// Pinned to the list by hand.
        Pinned = "pinned",
        /// Pinned off the list by hand.
        Unpinned = "unpinned",
        /// An incumbent outside the wider band fell out.
        FellOut = "fell_out",
        /// An incumbent within its band lost its seat: to a challenger, to a pin, or because there are fewer.
        Displaced = "displaced",
        /// No longer eligible.
        Ineligible = "ineligible",
    }
}

payloads! {
    /// Payload of `policy.adopted`.
    plain PolicyAdopted {
        /// Number of the policy, counted up from 1.
        version: u32,
        /// The whole policy, as TOML text.
        policy: PolicyText,
        /// Why.
        reason: Label,
    }

    /// Payload of `rate.set`: one unit of `from` is `rate` units of `to`.
    plain RateSet {
        /// The currency converted.
        from: Currency,
        /// The currency it is converted into.
        to: Currency,
        /// Units of `to` for one of `from`.
        rate: Amount,
        /// From the beginning of which date on.
        date: When,
    }

    /// Payload of `calibration.fitted`.
    plain CalibrationFitted {
        /// Days that the outlook looks ahead.
        horizon: u32,
        /// Intercept.
        b0: f64,
        /// Slope of the order days.
        #[serde(rename = "bS")]
        b_s: f64,
        /// Slope of the amounts.
        #[serde(rename = "bM")]
        b_m: f64,
        /// Slope of the own rhythm.
        #[serde(rename = "bL")]
        b_l: f64,
        /// The median of yearly amounts used.
        m0: f64,
        /// The cut-offs of the training windows.
        cutoffs: Vec<When>,
        /// Rows fitted.
        rows: u32,
    }

    /// Payload of `anchors.frozen`: what was measured over the portfolio at a quarter's start.
    plain AnchorsFrozen {
        /// The quarter, such as `2026Q1`.
        quarter: Label,
        /// Median yearly amount.
        m0: Option<f64>,
        /// Median annual sales rate, smoothed.
        v0: Option<f64>,
        /// 95th percentile of the annual sales rate, smoothed.
        v1: Option<f64>,
        /// Median own gap, in days.
        gap: Option<f64>,
        /// Share of decided bids won.
        win_rate: Option<Ratio>,
        /// Positives and negatives by trait and value.
        traits: BTreeMap<TraitName, BTreeMap<String, [u32; 2]>>,
        /// Positives and negatives in all.
        totals: [u32; 2],
    }

    /// A member of the key list.
    plain ReviewMember {
        /// Which account.
        account: AccountId,
        /// Its rank, from 1.
        rank: u32,
        /// Its score, 0 to 100.
        score: f64,
        /// Why it is on the list.
        rule: ListRule,
    }

    /// An account that left the key list.
    plain ReviewExit {
        /// Which account.
        account: AccountId,
        /// Why it left.
        rule: ListRule,
    }

    /// Payload of `review.held`.
    plain ReviewHeld {
        /// The instant looked at.
        as_of: When,
        /// Percent of the accounts that are key accounts.
        percent: Amount,
        /// Seats on the list.
        seats: u32,
        /// Who is on it.
        members: Vec<ReviewMember>,
        /// Who left it.
        exits: Vec<ReviewExit>,
    }

    /// Payload of `account.pinned`.
    plain AccountPinned {
        /// Which account.
        account: AccountId,
        /// Until when; may lie in the future.
        until: When,
        /// Why.
        reason: Label,
    }

    /// Payload of `account.unpinned`.
    plain AccountUnpinned {
        /// Which account.
        account: AccountId,
        /// Until when; may lie in the future.
        until: When,
        /// Why.
        reason: Label,
    }

    /// Payload of `industry.rated`.
    plain IndustryRated {
        /// Which industry.
        industry: Label,
        /// Good accounts added to its count.
        positives: u32,
        /// Others added to its count.
        negatives: u32,
        /// Why.
        reason: Label,
    }

    /// Payload of `period.closed`.
    plain PeriodClosed {
        /// Everything before is closed.
        until: When,
    }

    /// Payload of `heads.sealed`.
    plain HeadsSealed {
        /// Events sealed.
        size: u64,
        /// Streams sealed.
        streams: u64,
        /// Sorted Merkle root of the stream heads, in hex.
        root: Label,
    }

    /// Payload of `key.rotated`.
    plain KeyRotated {
        /// The key that was.
        old: Label,
        /// The key that is.
        new: Label,
    }

    /// Payload of `subject.erased`.
    personal SubjectErased {
        /// Who.
        person: Person<F>,
        /// Why.
        reason: Label,
    }

    /// Payload of `subject.readmitted`.
    personal SubjectReadmitted {
        /// Who.
        person: Person<F>,
        /// Why.
        reason: Label,
    }
}
