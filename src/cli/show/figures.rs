//! Outlook, health and score in words.

use guanxi_projections::account::AccountView;
use guanxi_projections::directives::KeyAccountView;
use guanxi_projections::health::{DimensionView, HealthDimensions, HealthView};
use guanxi_projections::outlook::OutlookView;
use guanxi_projections::score::{ScoreDimensions, ScoreView};
use guanxi_projections::time::Zone;

use super::line;

pub(super) fn describe(text: &mut String, view: &AccountView, zone: Zone) {
    if let Some(outlook) = &view.figures.outlook {
        line(text, "outlook", &describe_outlook(outlook));
    }
    describe_health(text, &view.figures.health);
    describe_score(text, &view.figures.score);
    line(text, "key account", &describe_key_account(&view.key_account, zone));
    line(text, "quadrant", view.quadrant.as_str());
    if view.exposure > 0.0 {
        line(text, "exposure", &format!("{:.2} (what we gave and did not get back)", view.exposure));
    }
}

fn describe_outlook(outlook: &OutlookView) -> String {
    let basis = if outlook.calibrated { "calibrated" } else { "uncalibrated" };
    let percent = 100.0 * outlook.active_probability;
    format!("{percent:.0} % to order within {} d ({basis})", outlook.horizon_days)
}

fn describe_health(text: &mut String, health: &HealthView) {
    let HealthView { value, confidence, low, high, colour, dimensions } = health;
    let colour = colour.as_str();
    line(text, "health", &format!("{value:.1} {colour}, {low:.1} to {high:.1}, confidence {confidence:.2}"));
    let HealthDimensions { engagement, coverage, integrity, benefit, reciprocity, service } = dimensions;
    dimension(text, "engagement", engagement);
    dimension(text, "coverage", coverage);
    dimension(text, "integrity", integrity);
    dimension(text, "benefit", benefit);
    dimension(text, "reciprocity", reciprocity);
    dimension(text, "service", service);
}

fn describe_score(text: &mut String, score: &ScoreView) {
    line(text, "score", &format!("{:.1}, confidence {:.2}", score.value, score.confidence));
    let ScoreDimensions { sales, potential, demonstration, winnability } = &score.dimensions;
    dimension(text, "sales", sales);
    dimension(text, "potential", potential);
    dimension(text, "demonstration", demonstration);
    dimension(text, "winnability", winnability);
}

fn dimension(text: &mut String, name: &str, view: &DimensionView) {
    let DimensionView { value, weight, confidence, low, high } = view;
    let says = format!("{value:5.1} x {weight:.2}, {low:.1} to {high:.1}, confidence {confidence:.2}");
    line(text, &format!("  {name}"), &says);
}

fn describe_key_account(key: &KeyAccountView, zone: Zone) -> String {
    let day = |at| zone.day_of(at).to_string();
    match (key.since, key.rank, key.review) {
        (Some(since), Some(rank), _) => format!("yes, since {}, rank {rank} in the last review", day(since)),
        (_, _, Some(review)) => format!("no, by the review of {}", day(review)),
        (_, _, None) => "no review yet".to_owned(),
    }
}
