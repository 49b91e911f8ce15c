//! The numbers of the specification, sections 2 and 4, written down a second time.

/// `r` and `alpha` of an own rhythm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prior {
    pub(super) r: f64,
    pub(super) alpha: f64,
}

/// When a silence has lasted long enough: survival at or below `theta`, or `cap` days or `gaps` own mean gaps
/// (whichever is more), but never before `floor` days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Silence {
    pub(super) theta: f64,
    pub(super) floor: f64,
    pub(super) cap: f64,
    pub(super) gaps: f64,
}

/// Every number that the walk uses. Times in days; ratios of rates as ratios, not logarithms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    pub(super) rhythm_half_life: f64,
    pub(super) shortest_gap: f64,
    pub(super) orders: Prior,
    pub(super) contacts: Prior,
    pub(super) watch: Silence,
    pub(super) decline: Silence,
    pub(super) churn: Silence,
    pub(super) one_order_silence: f64,
    pub(super) settling_age: f64,
    pub(super) rest: f64,
    pub(super) grown: f64,
    pub(super) cooled: f64,
    pub(super) shrunk: f64,
    pub(super) recovered: f64,
    pub(super) fast_half_lives: [f64; 3],
    pub(super) slow_factor: f64,
    pub(super) days_wanted: f64,
    pub(super) damping: f64,
    pub(super) newest_share: f64,
    pub(super) stalled_theta: f64,
    pub(super) stalled_silence: f64,
}

pub(super) const NUMBERS: Numbers = Numbers {
    rhythm_half_life: 365.0,
    shortest_gap: 1.0,
    orders: Prior { r: 0.75, alpha: 60.0 },
    contacts: Prior { r: 1.0, alpha: 21.0 },
    watch: Silence { theta: 0.25, floor: 30.0, cap: 270.0, gaps: 1.25 },
    decline: Silence { theta: 0.10, floor: 45.0, cap: 365.0, gaps: 2.0 },
    churn: Silence { theta: 0.05, floor: 210.0, cap: 540.0, gaps: 3.0 },
    one_order_silence: 540.0,
    settling_age: 60.0,
    rest: 14.0,
    grown: 1.20,
    cooled: 1.05,
    shrunk: 0.75,
    recovered: 0.85,
    fast_half_lives: [90.0, 180.0, 360.0],
    slow_factor: 4.0,
    days_wanted: 2.5,
    damping: 0.05,
    newest_share: 0.5,
    stalled_theta: 0.02,
    stalled_silence: 270.0,
};
