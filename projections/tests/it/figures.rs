//! Figures against plain sums: every figure is computed a second time from the events as JSON, by the definitions
//! of the model and no incremental state, at random (T, K), with random policies, rates, epochs and fits.

#[expect(
    clippy::cast_possible_truncation,
    clippy::wildcard_enum_match_arm,
    reason = "small numbers at random; what is not a number stays"
)]
pub(crate) mod beside;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a definition names the events that it reads, in the order of the model"
)]
mod definition;
pub(crate) mod generate;
pub(crate) mod lists;
#[expect(clippy::wildcard_enum_match_arm, reason = "a definition names the events that it reads")]
mod people;
#[expect(clippy::wildcard_enum_match_arm, reason = "a definition names the events that it reads")]
mod promises;
pub(crate) mod told;
mod traits;

use guanxi_projections::account::{AccountState, AccountView};
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::kernel::Estimate;
use guanxi_projections::policy::Policy;
use guanxi_projections::projection::Projection as _;
use guanxi_projections::time::Timestamp;

use beside::{Beside, policies};
use definition::World;
use generate::{Chance, history};
use told::Told;

/// How many random histories are read, each at eight instants T and as many K.
const SEEDS: u64 = 1_500;

/// How far the last bits of a sum may move with its order, of a figure between 0 and 1.
const ROUNDING: f64 = 1e-12;
/// The same for what is a difference of two sums: orders less returns, and what was given less what has not grown in.
/// Where these are nearly equal, the last bits of the greatest term are lost to both computations alike.
const ROUNDING_OF_DIFFERENCES: f64 = 1e-9;

/// Instants to read at: events, just before them, and anywhere up to three years later.
fn instants(told: &Told, chance: &mut Chance) -> Vec<Timestamp> {
    let (first, last) = (told.first(), told.last());
    let mut instants = vec![last, last.plus_days(chance.share() * 1_000.0)];
    for _ in 0..3 {
        let days = chance.share() * last.days_since(first);
        instants.push(first.plus_days(days).truncated_to_second());
        instants.push(told.some_time(chance));
    }
    instants
}

#[test]
fn every_figure_equals_its_definition() {
    let policies = policies(&mut Chance::seeded(7));
    assert!(policies.iter().filter(|policy| **policy != Policy::default_policy()).count() > 20);
    for seed in 0..SEEDS {
        let mut chance = Chance::seeded(seed);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::random(&policies, &mut chance);
        for as_of in instants(&told, &mut chance) {
            let known_at = told.some_knowledge(&mut chance);
            let view = beside.fold(&image, as_of, known_at);
            if view.events > 0 {
                let world = World::at(&told, (as_of, known_at), &beside);
                compare(&format!("seed {seed} at {as_of}, known at {known_at}"), &view, &world);
            }
        }
    }
}

#[track_caller]
fn close(which: &str, name: &str, folded: f64, defined: f64) {
    let of_differences = ["outlook", "engagement", "reciprocity", "sales", "health", "score", "exposure"];
    let is_difference = of_differences.iter().any(|figure| name.ends_with(figure));
    let rounding = if is_difference { ROUNDING_OF_DIFFERENCES } else { ROUNDING };
    let near = (folded - defined).abs() <= rounding * defined.abs().max(1.0) && folded.is_finite();
    assert!(near, "{which}: {name} is {folded}, but by definition {defined}");
}

#[track_caller]
fn compare(which: &str, view: &AccountView, world: &World<'_>) {
    let folded = &view.figures;
    match (&folded.outlook, world.outlook()) {
        (Some(folded), Some(defined)) => close(which, "outlook", folded.active_probability, defined),
        (None, None) => {}
        other => panic!("{which}: outlook {other:?}"),
    }
    let health = &folded.health.dimensions;
    let score = &folded.score.dimensions;
    let dimensions = [
        ("engagement", health.engagement, world.engagement()),
        ("coverage", health.coverage, world.coverage()),
        ("integrity", health.integrity, world.integrity()),
        ("benefit", health.benefit, world.benefit()),
        ("reciprocity", health.reciprocity, world.reciprocity()),
        ("service", health.service, world.service()),
        ("sales", score.sales, world.sales()),
        ("potential", score.potential, world.potential()),
        ("demonstration", score.demonstration, world.demonstration()),
        ("winnability", score.winnability, world.winnability()),
    ];
    let (health, score) = (&world.beside.policy.health.weights, &world.beside.policy.score.weights);
    let weights = [
        health.engagement,
        health.coverage,
        health.integrity,
        health.benefit,
        health.reciprocity,
        health.service,
        score.sales,
        score.potential,
        score.demonstration,
        score.winnability,
    ];
    let mut sums = [Estimate { q: 0.0, confidence: 0.0, low: 0.0, high: 0.0 }; 2];
    for (place, (name, folded, defined)) in dimensions.into_iter().enumerate() {
        let Estimate { q, confidence, low, high } = world.judged(name, defined);
        close(which, name, folded.value / 100.0, q);
        close(which, &format!("confidence of {name}"), folded.confidence, confidence);
        close(which, &format!("low of {name}"), folded.low / 100.0, low);
        close(which, &format!("high of {name}"), folded.high / 100.0, high);
        assert!(-1e-9 <= low && low <= q + 1e-9 && q <= high + 1e-9 && high <= 1.0 + 1e-9, "{which}: {name}");
        let weight = weights[place];
        let sum = &mut sums[place / 6];
        sum.q += weight * q;
        sum.confidence += weight * confidence;
        sum.low += weight * low;
        sum.high += weight * high;
    }
    close(which, "health", folded.health.value / 100.0, sums[0].q);
    close(which, "confidence of health", folded.health.confidence, sums[0].confidence);
    close(which, "low of health", folded.health.low / 100.0, sums[0].low);
    close(which, "high of health", folded.health.high / 100.0, sums[0].high);
    close(which, "score", folded.score.value / 100.0, sums[1].q);
    close(which, "exposure", view.exposure, world.exposure());
    let stage = folded.stage.as_ref();
    let stalled = stage.is_some_and(|stage| stage.flags.iter().any(|flag| flag.as_str() == "stalled"));
    let [whole, _] = sums;
    let policy = &world.beside.policy.health.colour;
    if (whole.confidence - policy.confidence_min).abs() > 1e-9 {
        let grey = whole.confidence < policy.confidence_min || stalled || !world.has_evidence();
        let colour = match 100.0 * whole.q {
            _ if grey => "grey",
            health if health >= policy.green_from => "green",
            health if health < policy.red_below => "red",
            _ => "amber",
        };
        assert_eq!(folded.health.colour.as_str(), colour, "{which}");
    }
}

#[test]
fn a_copy_goes_on_like_the_original_and_reading_changes_nothing() {
    let policies = policies(&mut Chance::seeded(8));
    for seed in 0..SEEDS / 5 {
        let mut chance = Chance::seeded(seed ^ 0xc0);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::random(&policies, &mut chance);
        let facts = image.effective(Timestamp::MAX, Timestamp::MAX);
        let split = chance.below(facts.len() + 1);
        let mut read = AccountState::new(AccountId::new("acme").unwrap(), beside.setting(&image));
        let mut copy = None;
        for (place, fact) in facts.iter().enumerate() {
            if place == split {
                copy = Some(read.clone());
            }
            read.apply(fact);
            read.evaluate(fact.occurred_at.plus_days(30.0));
        }
        let mut copy = copy.unwrap_or_else(|| read.clone());
        facts[split..].iter().for_each(|fact| copy.apply(fact));
        let end = told.last().plus_days(200.0);
        let whole = beside.fold(&image, end, Timestamp::MAX);
        assert_eq!(read.evaluate(end), whole, "seed {seed}");
        assert_eq!(copy.evaluate(end), whole, "seed {seed}");
        lists::split_all(&beside, &image, (&facts, split), end);
    }
}

/// A view and every list of a late, corrected and retracted stream are those of a stream that was told right the
/// first time.
#[test]
fn a_revised_stream_reads_like_one_told_right_at_once() {
    let policies = policies(&mut Chance::seeded(9));
    for seed in 0..SEEDS {
        let mut chance = Chance::seeded(seed ^ 0x5a);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::random(&policies, &mut chance);
        for _ in 0..2 {
            let (as_of, known_at) = (told.some_time(&mut chance), told.some_knowledge(&mut chance));
            let right = Image::of(told.told_right(as_of, known_at).recorded()).unwrap();
            let (folded, naive) =
                (beside.fold(&image, as_of, known_at), beside.fold(&right, as_of, Timestamp::MAX));
            assert_eq!(folded, naive, "seed {seed} at {as_of}, known at {known_at}");
            let lists = lists::all(&beside, &image, as_of, known_at);
            assert_eq!(lists, lists::all(&beside, &right, as_of, Timestamp::MAX), "seed {seed}");
        }
    }
}

/// What happened after T, or was recorded after K, cannot matter: it is replaced by other things here.
#[test]
fn nothing_of_the_future_or_of_later_knowledge_matters() {
    let policies = policies(&mut Chance::seeded(10));
    for seed in 0..SEEDS / 5 {
        let mut chance = Chance::seeded(seed ^ 0xf0);
        let told = history(&mut chance);
        let beside = Beside::random(&policies, &mut chance);
        let as_of = told.some_time(&mut chance);
        let known_at = told.recorded()[chance.below(told.recorded().len())].envelope.recorded_at;
        let poisoned = told.poisoned(as_of, known_at, &mut chance);
        let (clean, poisoned) =
            (Image::of(told.recorded()).unwrap(), Image::of(poisoned.recorded()).unwrap());
        let shown = |image| serde_json::to_string(&beside.fold(image, as_of, known_at)).unwrap();
        assert_eq!(shown(&clean), shown(&poisoned), "seed {seed}");
        let lists = |image| lists::all(&beside, image, as_of, known_at);
        assert_eq!(lists(&clean), lists(&poisoned), "seed {seed}");
    }
}
