//! Importance and coverage: what to do about an account.

use serde::Serialize;

use crate::policy::PortfolioPolicy;

/// Where an account stands by importance (whether it is a key account) and coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quadrant {
    /// 攻坚: important and not covered.
    WinOver,
    /// 深耕: important and covered.
    Cultivate,
    /// 降配: covered more than it is important.
    ScaleBack,
    /// 观察: neither.
    Watch,
}

impl Quadrant {
    /// Every quadrant.
    pub const ALL: [Self; 4] = [Self::WinOver, Self::Cultivate, Self::ScaleBack, Self::Watch];

    /// The quadrant of an account; `coverage` is on 0 to 100.
    ///
    /// `Source:` model specification, section 9.
    ///
    /// ```
    /// use guanxi_projections::{directives::KeyAccountView, policy::Policy, quadrant::Quadrant};
    /// let policy = Policy::default_policy().portfolio;
    /// let key = KeyAccountView { member: true, ..KeyAccountView::default() };
    /// assert_eq!(Quadrant::of(key.member.into(), 60.0, &policy), Quadrant::Cultivate);
    /// assert_eq!(Quadrant::of(key.member.into(), 59.9, &policy), Quadrant::WinOver);
    /// ```
    pub fn of(importance: Importance, coverage: f64, policy: &PortfolioPolicy) -> Self {
        match (importance, coverage >= policy.coverage_min) {
            (Importance::High, false) => Self::WinOver,
            (Importance::High, true) => Self::Cultivate,
            (Importance::Low, true) => Self::ScaleBack,
            (Importance::Low, false) => Self::Watch,
        }
    }

    /// The word in answers, such as `cultivate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WinOver => "win_over",
            Self::Cultivate => "cultivate",
            Self::ScaleBack => "scale_back",
            Self::Watch => "watch",
        }
    }
}

/// Whether an account is a key account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// It is.
    High,
    /// It is not.
    Low,
}

impl From<bool> for Importance {
    fn from(member: bool) -> Self {
        if member { Self::High } else { Self::Low }
    }
}
