//! The image against the naive reading of the whole stream, at random (T, K).

use guanxi_projections::fact::Fact;
use guanxi_projections::history::effective;
use guanxi_projections::image::Image;
use guanxi_projections::time::Timestamp;

use super::figures::generate::{Chance, history};

/// How many times random histories are read.
const CASES: u64 = 10_000;
/// How often each history is read.
const READS: u64 = 10;

#[test]
fn an_image_tells_what_the_effective_history_says() {
    for seed in 0..CASES / READS {
        let mut chance = Chance::seeded(seed ^ 0x1a);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        for _ in 0..READS {
            let as_of = if chance.once_in(4) { Timestamp::MAX } else { told.some_time(&mut chance) };
            let last = chance.below(told.recorded().len() + 1);
            let known_at = Timestamp::from_micros(i64::try_from(last).unwrap());
            assert_same(
                &format!("seed {seed} at {as_of}, known at {known_at}"),
                &told,
                &image,
                (as_of, known_at),
            );
        }
    }
}

#[track_caller]
fn assert_same(
    which: &str,
    told: &super::figures::told::Told,
    image: &Image,
    (as_of, known_at): (Timestamp, Timestamp),
) {
    let mut names = image.names().clone();
    let mut naive = Vec::new();
    for event in effective(told.recorded(), as_of, known_at) {
        let recorded_at = event.original.envelope.recorded_at;
        naive.push(
            Fact::read(event.position, event.occurred_at, recorded_at, event.event, &mut names).unwrap(),
        );
    }
    assert_eq!(image.effective(as_of, known_at), naive, "{which}");
}

#[test]
fn an_image_grown_event_by_event_is_the_image_of_the_whole() {
    for seed in 0..200 {
        let told = history(&mut Chance::seeded(seed ^ 0x90));
        let mut grown = Image::default();
        for recorded in told.recorded() {
            grown.admit(recorded, |_, _| None).unwrap();
        }
        let whole = Image::of(told.recorded()).unwrap();
        let all = (Timestamp::MAX, Timestamp::MAX);
        assert_eq!(grown.effective(all.0, all.1), whole.effective(all.0, all.1), "seed {seed}");
    }
}
