//! The epoch: what is measured over the whole portfolio, and frozen at the quarter's start.
//!
//! Other accounts cannot move a figure inside an epoch: what they contribute enters here alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{AccountId, TraitName};
use crate::text::Label;

/// The values of T's quarter.
///
/// Each of the optional values is `None` only when no account has a value even at T itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Epoch {
    /// Median of the accounts' M365 above 0: the scale of money in the outlook.
    pub m0: Option<f64>,
    /// Median annual sales rate, smoothed over quarters: the scale of money in the score.
    pub v0: Option<f64>,
    /// 95th percentile of the annual sales rate, smoothed over quarters: a full score for money.
    pub v1: Option<f64>,
    /// Median over accounts of the mean gap between order days, in days.
    pub gap_days: Option<f64>,
    /// Share of won bids among all decided ones.
    pub win_rate: Option<f64>,
    /// Accounts that were good and accounts that were not, by trait and value.
    pub traits: BTreeMap<TraitName, BTreeMap<String, [u32; 2]>>,
    /// All accounts that were good, and all that were not.
    pub totals: [u32; 2],
    /// Accounts that had ordered: a referral to one of them counts.
    pub ordered: BTreeSet<AccountId>,
    /// Expert statements: (good, not good) accounts to add to an industry's counts.
    pub industries: BTreeMap<Label, [u32; 2]>,
}

/// The fit of the outlook in force at T.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Days ahead that it was fitted for.
    pub horizon_days: f64,
    /// Intercept.
    pub b0: f64,
    /// Slope of the order days.
    pub b_s: f64,
    /// Slope of the order amounts.
    pub b_m: f64,
    /// Slope of the own rhythm.
    pub b_l: f64,
    /// The scale of money that it was fitted with.
    pub m0: f64,
}
