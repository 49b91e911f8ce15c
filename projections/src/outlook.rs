//! The outlook: will this account do business within the next days? The one predictive figure.

use serde::Serialize;

use crate::demand::Demand;
use crate::epoch::Fit;
use crate::kernel::{Quantity, Rhythm};
use crate::policy::OutlookPolicy;
use crate::position::Position;
use crate::setting::Setting;
use crate::time::Timestamp;

/// How probable business is within the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OutlookView<Q = f64> {
    /// How many days ahead.
    pub horizon_days: u32,
    /// A: the probability of an order within them, 0 to 1; 0 while the account is closed.
    pub active_probability: Q,
    /// Whether a fit on this ledger's own past is behind it, rather than the policy's defaults.
    pub calibrated: bool,
}

/// The coefficients in force, and the scale of money that belongs to them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Coefficients {
    b0: f64,
    b_s: f64,
    b_m: f64,
    b_l: f64,
    m0: Option<f64>,
}

/// Whether the account takes part in business at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dealings {
    /// It does.
    Open,
    /// It was closed by this event, and neither ordered nor was reopened since.
    Closed(Position),
}

impl<Q: Quantity> OutlookView<Q> {
    /// The outlook of an account at an instant; `None` before its first order.
    pub fn of(
        setting: &Setting<'_>,
        demand: &Demand<'_, Q>,
        dealings: Dealings,
        as_of: Timestamp,
    ) -> Option<Self> {
        let rhythm = demand.rhythm()?;
        let horizon_days = setting.policy.outlook.horizon_days;
        let fit = setting.fit.filter(|fit| fit.horizon_days == horizon_days);
        let active = active_within(setting, rhythm, horizon_days, as_of);
        let coefficients = Coefficients::in_force(&setting.policy.outlook, fit, setting.epoch.m0);
        let regular = match demand.last_order() {
            Some(last) => Q::of_event(last, logit(active)),
            None => Q::bare(logit(active)),
        };
        let z = coefficients.z(demand.order_days(as_of), demand.amounts(as_of), regular);
        let open = z.through(probability);
        let active_probability = match dealings {
            Dealings::Open => open,
            Dealings::Closed(by) => open.clone().minus(Q::of_event(by, open.value())),
        };
        Some(Self { horizon_days, active_probability, calibrated: fit.is_some() })
    }
}

impl<Q: Quantity> OutlookView<Q> {
    /// The same without what each event contributed.
    pub fn bare(&self) -> OutlookView {
        let Self { horizon_days, active_probability, calibrated } = self;
        OutlookView {
            horizon_days: *horizon_days,
            active_probability: active_probability.value(),
            calibrated: *calibrated,
        }
    }
}

fn active_within(setting: &Setting<'_>, rhythm: &Rhythm, horizon_days: u32, as_of: Timestamp) -> f64 {
    let silent_days = as_of.days_since(rhythm.last());
    rhythm.active_within(f64::from(horizon_days), silent_days, &setting.policy.rhythm.orders)
}

impl Coefficients {
    /// Those of the fit, else the policy's defaults with the scale of money `m0`.
    pub(crate) fn in_force(policy: &OutlookPolicy, fit: Option<&Fit>, m0: Option<f64>) -> Self {
        match fit {
            Some(&Fit { b0, b_s, b_m, b_l, m0, .. }) => Self { b0, b_s, b_m, b_l, m0: Some(m0) },
            None => Self { b0: policy.b0, b_s: policy.b_s, b_m: policy.b_m, b_l: policy.b_l, m0 },
        }
    }

    /// The log odds of business; `regular` is the logit of `P_act`(H), and of the last order day, since it is the
    /// silence after it that it weighs.
    ///
    /// `Formula:` z = b0 + bS ln(1 + S180) + bM ln(1 + M365/m0) + bL logit(`P_act`(H)). Without a scale of money (no
    /// account has ordered for money) its term is 0. `Source:` model specification, section 3.
    pub(crate) fn z<Q: Quantity>(&self, order_days: Q, amounts: Q, regular: Q) -> Q {
        let scale = self.m0.filter(|scale| *scale > 0.0);
        let money = scale.map(|scale| amounts.through(|amounts| libm::log1p(amounts / scale)));
        Q::bare(self.b0)
            .plus(order_days.through(libm::log1p).times(self.b_s))
            .plus(money.unwrap_or_default().times(self.b_m))
            .plus(regular.times(self.b_l))
    }
}

/// What the outlook's slopes multiply: ln(1 + S180), ln(1 + M365/m0), logit(`P_act`(H)).
pub(crate) fn inputs(order_days: f64, amounts: f64, active: f64, m0: Option<f64>) -> [f64; 3] {
    let scale = m0.filter(|scale| *scale > 0.0);
    let money = scale.map_or(0.0, |scale| libm::log1p(amounts / scale));
    [libm::log1p(order_days), money, logit(active)]
}

/// The log odds of a probability strictly between 0 and 1.
pub(crate) fn logit(probability: f64) -> f64 {
    libm::log(probability / (1.0 - probability))
}

/// The probability of log odds: 1/(1 + e^-z).
pub(crate) fn probability(z: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-z))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: ln 2 = .693147, ln 3 = 1.098612, logit(.8) = 1.386294, so
    /// z = -2 + 1.6 * .693147 + .45 * 1.098612 + .2 * 1.386294 = -.119330, A = .470203.
    #[test]
    fn the_outlook_of_the_formula() {
        let defaults = Coefficients { b0: -2.0, b_s: 1.6, b_m: 0.45, b_l: 0.2, m0: Some(500.0) };
        let z = defaults.z(1.0, 1000.0, logit(0.8));
        assert!((z + 0.119_330).abs() < 1e-6, "{z}");
        assert!((probability(z) - 0.470_203).abs() < 1e-6);
    }

    #[test]
    fn without_a_scale_money_says_nothing() {
        let defaults = Coefficients { b0: -2.0, b_s: 1.6, b_m: 0.45, b_l: 0.2, m0: None };
        assert!((defaults.z(0.0, 1e9, logit(0.5)) + 2.0).abs() < 1e-12);
    }
}
