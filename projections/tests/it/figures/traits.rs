//! Experience by definition.

use std::collections::BTreeMap;

use guanxi_projections::epoch::{Case, Counts};
use guanxi_projections::event::EventType;

use super::definition::{Second as _, World};

impl World<'_> {
    /// The last value said of each trait.
    fn traits(&self) -> BTreeMap<String, String> {
        let mut traits = BTreeMap::new();
        for event in &self.events {
            if let EventType::AccountOpened | EventType::AccountUpdated = event.event_type {
                for name in ["industry", "region", "segment", "size"] {
                    let said = event.data[name].as_str().map(str::to_owned);
                    traits.extend(said.map(|value| (name.to_owned(), value)));
                }
            }
        }
        traits
    }

    /// The fit: what accounts with such traits have turned out to be.
    pub(super) fn experience(&self) -> f64 {
        let (epoch, policy) = (&self.beside.epoch, &self.beside.policy.experience);
        let case = self.beside.own.as_ref().and_then(|own| own.case);
        let one = |case: Option<Case>| match case {
            Some(Case::Good) => [1.0, 0.0],
            Some(Case::Other) => [0.0, 1.0],
            None => [0.0, 0.0],
        };
        let without = |counts: Counts, case: Option<Case>| {
            let [good, other] = one(case);
            [(f64::from(counts[0]) - good).max(0.0), (f64::from(counts[1]) - other).max(0.0)]
        };
        let [n1, n0] = without(epoch.totals, case);
        if n1 < f64::from(policy.cases_min) || n0 < f64::from(policy.cases_min) {
            return policy.fit_unknown;
        }
        let own = self.beside.own.as_ref().and_then(|own| own.profile.industry.clone());
        let traits = self.traits();
        let others = traits.keys().filter(|name| *name != "industry").count();
        let lambda = f64::min(1.0, policy.traits_full / others.max(1) as f64);
        let odds = (n1 + 1.0) / (n1 + n0 + 2.0);
        let mut z = (odds / (1.0 - odds)).ln_();
        for (name, value) in &traits {
            let values = epoch.traits.iter().find(|(known, _)| known.as_str() == name);
            let counted: BTreeMap<&str, [f64; 2]> = values
                .into_iter()
                .flat_map(|(_, values)| values)
                .map(|(known, counts)| {
                    let is_own = name == "industry" && own.as_ref().is_some_and(|own| own.as_str() == known);
                    (known.as_str(), without(*counts, if is_own { case } else { None }))
                })
                .collect();
            let distinct = counted.values().filter(|counts| counts[0] + counts[1] > 0.0).count() as f64;
            let [n1v, n0v] = counted.get(value.as_str()).copied().unwrap_or_default();
            let p = (n1v + n0v + 1.0) / (n1 + n0 + distinct);
            let industries = epoch.industries.iter().find(|(industry, _)| industry.as_str() == value);
            let [s1, s0] = match industries.filter(|_| name == "industry") {
                Some((_, stated)) => stated.map(f64::from),
                None => [0.0, 0.0],
            };
            let smoothing = policy.smoothing_cases;
            let good = (n1v + s1 + smoothing * p) / (n1 + s1 + smoothing);
            let other = (n0v + s0 + smoothing * p) / (n0 + s0 + smoothing);
            z += if name == "industry" { 1.0 } else { lambda } * (good.ln_() - other.ln_());
        }
        z += self.strengths();
        1.0 / (1.0 + (-z).exp_())
    }

    /// Sum of the criteria's weights times the newest strength less a half.
    fn strengths(&self) -> f64 {
        let mut weights: BTreeMap<String, f64> = BTreeMap::new();
        for event in &self.events {
            if let EventType::AccountOpened | EventType::AccountUpdated = event.event_type {
                let said = event.data["criteria"].as_object().into_iter().flatten();
                weights.extend(said.map(|(name, weight)| (name.clone(), weight.as_f64().unwrap())));
            }
        }
        let newest = |criterion: &str| {
            let rated =
                self.of(EventType::StrengthRated).filter(|rated| rated.text("criterion") == criterion);
            rated.last().map_or(0.5, |rated| rated.data["value"].as_f64().unwrap())
        };
        weights.iter().map(|(criterion, weight)| weight * (newest(criterion) - 0.5)).sum()
    }
}
