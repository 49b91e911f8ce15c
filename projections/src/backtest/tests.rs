//! What a backtest may know, and that it is the same to the bit every time.

use serde_json::json;

use super::*;
use crate::event::EventType;
use crate::image::Image;
use crate::policy::Policy;
use crate::rates::Rates;
use crate::story::{Story, at};
use crate::time::Zone;

/// A small deterministic source of numbers below `below`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(below)).unwrap()
    }
}

const ACCOUNTS: u64 = 120;
const BEGINNING: &str = "2025-01-01";

/// Accounts that order at rhythms of their own, some of which stop; each with what the seed says after `cut`.
fn accounts(cut: Timestamp, poison: u64) -> Vec<Image> {
    (0..ACCOUNTS)
        .map(|account| {
            let mut dice = Dice(account + 1);
            let mut story = Story::default();
            let mut now = at(BEGINNING).plus_days(f64::from(dice.roll(200)));
            story.opened(now);
            let rhythm = 5 + dice.roll(60);
            for order in 0..2 + dice.roll(20) {
                if now > cut {
                    break;
                }
                story.order(now, &format!("o{order}"), &(100 + dice.roll(900)).to_string());
                let data =
                    json!({ "channel": "visit", "ours": [], "customer": [], "two_way": dice.roll(2) == 0 });
                story.tell(now, EventType::MeetingHeld, data);
                story.tell(now, EventType::BidLost, json!({ "bid": format!("b{order}") }));
                now = now.plus_days(f64::from(1 + dice.roll(2 * rhythm)));
            }
            poisoned(&mut story, cut, Dice(poison.wrapping_mul(account + 1)));
            story.image()
        })
        .collect()
}

/// Garbage after the cut; none without a seed.
fn poisoned(story: &mut Story, cut: Timestamp, mut dice: Dice) {
    if dice.0 == 0 {
        return;
    }
    let after = cut.plus_micros(1);
    for order in 0..dice.roll(30) {
        story.order(after.plus_days(f64::from(dice.roll(400))), &format!("p{order}"), "999999999");
    }
    let returned = format!("o{}", dice.roll(3));
    story.give_back(after, Some(&returned), "50").closed(after);
    story.tell(after, EventType::BidWon, json!({ "bid": "b0" }));
}

fn terms<'p>(policy: &'p Policy, rates: &'p Rates, occasion: Occasion) -> Terms<'p> {
    Terms { policy, zone: Zone::default(), rates, horizon_days: 45, occasion }
}

fn scores(images: &[Image], cut: Timestamp, occasion: Occasion) -> Scores {
    let (policy, rates) = (Policy::default_policy(), Rates::none());
    let terms = terms(&policy, &rates, occasion);
    let past = |image| Past::new(image, cut, Timestamp::MAX, Clock::Occurred);
    let seen: Vec<Seen> = images.iter().map(|image| Seen::of(&past(image), &terms)).collect();
    Scores::of(&seen, cut, &terms)
}

/// Debug output tells every bit of a figure that is not the same.
fn bits(scores: &Scores) -> String {
    format!("{scores:?}")
}

#[test]
fn nothing_that_comes_after_a_cut_off_can_be_seen() {
    let cut = at("2025-12-31T15:59:59Z");
    for occasion in Occasion::ALL {
        let clean = scores(&accounts(cut, 0), cut, occasion);
        assert!(clean.fit.is_ok() && clean.bgnbd.is_some(), "{occasion:?} {clean:?}");
        for poison in 1..4 {
            let poisoned = scores(&accounts(cut, poison), cut, occasion);
            assert_eq!(bits(&clean), bits(&poisoned), "{occasion:?}, poison {poison}");
        }
    }
}

/// The guard on the test above: seen from after the cut, the poison does show.
#[test]
fn the_poison_would_be_seen() {
    let cut = at("2025-12-31T15:59:59Z");
    let later = cut.plus_days(30.0);
    let clean = scores(&accounts(cut, 0), later, Occasion::Order);
    assert_ne!(bits(&clean), bits(&scores(&accounts(cut, 1), later, Occasion::Order)));
}

fn view(images: &[Image], cut: Timestamp) -> CutoffView {
    let (policy, rates) = (Policy::default_policy(), Rates::none());
    let terms = terms(&policy, &rates, Occasion::Order);
    let end = cut.plus_days(45.0);
    let past = |image| Past::new(image, end, Timestamp::MAX, Clock::Occurred);
    let outcomes: Vec<Outcome> =
        images.iter().map(|image| Outcome::after(cut, &past(image), &terms)).collect();
    CutoffView::of(scores(images, cut, Occasion::Order), &outcomes)
}

#[test]
fn a_cut_off_is_judged_by_what_follows_and_ours_is_no_worse_than_a_coin() {
    let cut = at("2025-09-01T15:59:59Z");
    let images = accounts(at("2026-12-31"), 0);
    let cutoff = view(&images, cut);
    let by_hand = |image: &Image| {
        let facts = image.effective(cut.plus_days(45.0), Timestamp::MAX);
        let orders = || facts.iter().filter(|fact| matches!(fact.matter, Matter::OrderPlaced { .. }));
        orders().any(|fact| fact.occurred_at <= cut).then(|| orders().any(|fact| fact.occurred_at > cut))
    };
    let labels: Vec<bool> = images.iter().filter_map(by_hand).collect();
    assert_eq!(cutoff.population, labels.len());
    assert_eq!(cutoff.returned, labels.iter().filter(|label| **label).count());
    assert_eq!(cutoff.foretold().iter().map(|(_, came)| *came).collect::<Vec<_>>(), labels);
    let outlook = cutoff.scores.first().unwrap();
    assert_eq!(outlook.name, "outlook");
    assert!(outlook.auc.unwrap() > 0.6, "{outlook:?}");
    let accounts: usize = cutoff.stages.iter().map(|share| share.accounts).sum();
    assert_eq!(accounts, cutoff.population);
}

#[test]
fn a_fit_needs_rows_of_both_kinds() {
    let cut = at("2025-12-31T15:59:59Z");
    let few: Vec<Image> = accounts(cut, 0).into_iter().take(12).collect();
    let scores = scores(&few, cut, Occasion::Order);
    assert!(scores.fit.is_err(), "{:?}", scores.fit);
    let probabilities = scores.scores.first().unwrap().probabilities.as_ref().unwrap();
    assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
}

#[test]
fn a_picture_is_well_formed_and_shows_every_score() {
    let coordinates = Coordinates::resolve(
        None,
        None,
        at("2026-12-31"),
        at("2026-12-31"),
        crate::coordinates::PolicyName::File,
    );
    let span = Span { from: at(BEGINNING), to: at("2026-12-31") };
    let (clock, occasion) = (Clock::Occurred, Occasion::Order);
    let protocol = Protocol { coordinates, clock, occasion, horizon_days: 45, span };
    let images = accounts(at("2026-12-31"), 0);
    let view = BacktestView::of(protocol, vec![view(&images, at("2025-09-01T15:59:59Z"))]);
    let svg = svg(&view);
    for score in &view.mean {
        assert!(svg.contains(&format!(">{}<", score.name)), "{}", score.name);
    }
    assert_eq!(svg.matches("<circle").count(), view.reliability.len());
    assert!(
        svg.starts_with("<svg ")
            && svg.ends_with("</svg>\n")
            && !svg.contains("<script")
            && !svg.contains("NaN")
    );
    assert_eq!(view.verdict.sentences.len(), view.mean.len(), "one for each competitor, one for the stages");
}
