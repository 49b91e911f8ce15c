//! Outlook, health and score in words.

use guanxi_projections::account::AccountView;
use guanxi_projections::directives::KeyAccountView;
use guanxi_projections::health::{DimensionView, HealthDimensions, HealthView};
use guanxi_projections::outlook::OutlookView;
use guanxi_projections::score::{ScoreDimensions, ScoreView};

use super::Page;

pub(super) fn describe(page: &mut Page, view: &AccountView) {
    if let Some(outlook) = &view.figures.outlook {
        page.outlook(outlook);
    }
    page.health(&view.figures.health);
    page.score(&view.figures.score);
    page.key_account(&view.key_account);
    page.line("quadrant", &page.words.name("quadrant", view.quadrant.as_str()));
    if view.exposure > 0.0 {
        let says = [("value", format!("{:.2}", view.exposure).into())];
        page.line("exposure", &page.words.say("exposure-says", &says));
    }
}

impl Page {
    fn outlook(&mut self, outlook: &OutlookView) {
        let id = if outlook.calibrated { "outlook-calibrated" } else { "outlook-uncalibrated" };
        let says = [
            ("percent", format!("{:.0}", 100.0 * outlook.active_probability).into()),
            ("days", u64::from(outlook.horizon_days).into()),
        ];
        self.line("outlook", &self.words.say(id, &says));
    }

    fn health(&mut self, health: &HealthView) {
        let HealthView { value, confidence, low, high, colour, dimensions } = health;
        let says = [
            ("value", format!("{value:.1}").into()),
            ("colour", self.words.name("colour", colour.as_str()).into()),
            ("low", format!("{low:.1}").into()),
            ("high", format!("{high:.1}").into()),
            ("confidence", format!("{confidence:.2}").into()),
        ];
        self.line("health", &self.words.say("health-says", &says));
        let HealthDimensions { engagement, coverage, integrity, benefit, reciprocity, service } = dimensions;
        self.dimension("engagement", engagement);
        self.dimension("coverage", coverage);
        self.dimension("integrity", integrity);
        self.dimension("benefit", benefit);
        self.dimension("reciprocity", reciprocity);
        self.dimension("service", service);
    }

    fn score(&mut self, score: &ScoreView) {
        let says = [
            ("value", format!("{:.1}", score.value).into()),
            ("confidence", format!("{:.2}", score.confidence).into()),
        ];
        self.line("score", &self.words.say("score-says", &says));
        let ScoreDimensions { sales, potential, demonstration, winnability } = &score.dimensions;
        self.dimension("sales", sales);
        self.dimension("potential", potential);
        self.dimension("demonstration", demonstration);
        self.dimension("winnability", winnability);
    }

    fn dimension(&mut self, name: &str, view: &DimensionView) {
        let DimensionView { value, weight, confidence, low, high } = view;
        let says = [
            ("value", format!("{value:5.1}").into()),
            ("weight", format!("{weight:.2}").into()),
            ("low", format!("{low:.1}").into()),
            ("high", format!("{high:.1}").into()),
            ("confidence", format!("{confidence:.2}").into()),
        ];
        let name = format!("  {}", self.words.name("measure", name));
        self.labelled(&name, &self.words.say("dimension-says", &says));
    }

    fn key_account(&mut self, key: &KeyAccountView) {
        let words = self.words;
        let says = match (key.since, key.rank, key.review) {
            (Some(since), Some(rank), _) => {
                let says = [("day", self.day(since).into()), ("rank", u64::from(rank).into())];
                words.say("key-account-yes", &says)
            }
            (_, _, Some(review)) => words.say("key-account-no", &[("day", self.day(review).into())]),
            (_, _, None) => words.say("key-account-unknown", &[]),
        };
        self.line("key-account", &says);
    }
}
