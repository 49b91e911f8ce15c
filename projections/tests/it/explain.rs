//! Reasons sum to figures, and figures are those that are shown, on random histories.

use guanxi_projections::account::AccountState;
use guanxi_projections::epoch::Fit;
use guanxi_projections::explain::{Explainer, Explanation};
use guanxi_projections::fact::Fact;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::measure::Measure;
use guanxi_projections::projection::fold;
use guanxi_projections::setting::Setting;
use guanxi_projections::time::Timestamp;

use crate::figures::beside::Beside;
use crate::figures::generate::{Chance, history};

/// How many random coordinates are asked for; all measures of each.
const SEEDS: u64 = 1_000;

fn fitted(chance: &mut Chance) -> Fit {
    let mut slope = || 2.0 * chance.share();
    Fit {
        horizon_days: 90,
        b0: slope() - 1.5,
        b_s: slope(),
        b_m: slope(),
        b_l: slope(),
        m0: 1.0 + 900.0 * slope(),
    }
}

/// The value as its parts make it.
fn sum(explained: &Explanation) -> f64 {
    let points: f64 = explained.contributions.iter().map(|one| one.points).sum();
    explained.baseline + points + explained.rest.map_or(0.0, |rest| rest.points)
}

#[track_caller]
fn check(which: &str, explained: &Explanation, shown: Option<f64>) {
    assert_eq!(explained.value.map(f64::to_bits), shown.map(f64::to_bits), "{which}");
    let value = explained.value.unwrap_or(0.0);
    assert!((value - sum(explained)).abs() < 1e-9, "{which}: {value} is not {}", sum(explained));
    assert!((value - sum(explained) - explained.residual).abs() < 1e-12, "{which}");
    for one in explained.contributions.iter().filter(|_| !explained.dimensions.is_empty()) {
        let through: f64 = one.dimensions.values().sum();
        assert!((one.points - through).abs() < 1e-9, "{which}: {one:?}");
    }
    let top = explained.clone().top(3);
    assert!(top.contributions.len() <= 3 && (sum(&top) - sum(explained)).abs() < 1e-9, "{which}");
}

#[test]
fn contributions_sum_to_the_figure_that_is_shown() {
    let mut explained = 0;
    for seed in 0..SEEDS {
        let mut chance = Chance::seeded(seed ^ 0xe0);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::usual(&mut chance);
        let fit = chance.once_in(2).then(|| fitted(&mut chance));
        let as_of = told.some_time(&mut chance).plus_days(chance.below(3) as f64 * 200.0 * chance.share());
        let known_at = told.recorded()[chance.below(told.recorded().len())].envelope.recorded_at;
        let setting = Setting { fit: fit.as_ref(), ..beside.setting(&image) };
        let state = AccountState::new(AccountId::new("acme").unwrap(), setting);
        let view = fold(state, &image, as_of, known_at);
        let reasons = fold(Explainer::new(setting), &image, as_of, known_at);
        for measure in Measure::ALL {
            let reason = reasons.of(measure);
            check(&format!("seed {seed}: {}", measure.as_str()), &reason, measure.read(&view));
            explained += reason.contributions.len();
        }
    }
    assert!(explained > 12_000, "the histories say little: {explained} contributions");
}

/// Nothing but what is in the effective history contributes.
#[test]
fn only_events_in_force_are_reasons() {
    for seed in 0..SEEDS / 10 {
        let mut chance = Chance::seeded(seed ^ 0xe1);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::usual(&mut chance);
        let as_of = told.some_time(&mut chance);
        let in_force = image.effective(as_of, Timestamp::MAX);
        let reasons = fold(Explainer::new(beside.setting(&image)), &image, as_of, Timestamp::MAX);
        for measure in Measure::ALL {
            for one in reasons.of(measure).contributions {
                let event = in_force.iter().find(|fact| fact.position == one.event.position);
                assert_eq!(event.map(Fact::event), Some(one.event), "seed {seed}");
            }
        }
    }
}
