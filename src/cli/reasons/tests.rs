use guanxi_projections::event::delivery::DeliveryOutcome;
use guanxi_projections::event::feedback::{FavourForm, ReferenceForm};
use guanxi_projections::event::issue::Severity;
use guanxi_projections::event::meeting::Channel;
use guanxi_projections::event::opportunity::ProjectOutcome;
use guanxi_projections::event::payload::Side;
use guanxi_projections::stage::Cause;

use super::*;

fn speech(language: Language) -> Speech<'static> {
    Speech::plain(Words::of(language), Zone::named("UTC").unwrap())
}

/// Every type with every facet that its events can have.
fn kinds() -> Vec<(EventType, Option<&'static str>)> {
    let bare = EventType::ALL.iter().filter(|kind| !kind.is_own()).map(|kind| (*kind, None));
    let of = |kind: EventType, facets: Vec<&'static str>| {
        facets.into_iter().map(move |facet| (kind, Some(facet))).collect::<Vec<_>>()
    };
    let channels = || Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    let sides = || Side::ALL.iter().map(|side| side.as_str()).collect();
    let with_facet = [
        of(EventType::MeetingHeld, channels()),
        of(EventType::MeetingPlanned, channels()),
        of(
            EventType::DeliveryCompleted,
            DeliveryOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect(),
        ),
        of(EventType::ProjectClosed, ProjectOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect()),
        of(EventType::ReferenceGiven, ReferenceForm::ALL.iter().map(|form| form.as_str()).collect()),
        of(EventType::FavourReceived, FavourForm::ALL.iter().map(|form| form.as_str()).collect()),
        of(EventType::IssueRaised, Severity::ALL.iter().map(|severity| severity.as_str()).collect()),
        of(EventType::CommitmentMade, sides()),
        of(EventType::ConcessionGranted, sides()),
    ];
    bare.chain(with_facet.into_iter().flatten()).collect()
}

#[test]
fn every_kind_of_event_has_a_name_in_both_languages() {
    for (kind, facet) in kinds() {
        for language in Language::ALL {
            let name = speech(language).kind(kind, facet);
            assert!(!name.starts_with("event-"), "{name}");
        }
    }
    assert_eq!(speech(Language::English).kind(EventType::MeetingHeld, Some("visit")), "visit");
    assert_eq!(
        speech(Language::Chinese).kind(EventType::DeliveryCompleted, Some("rejected")),
        "交付（被拒收）"
    );
}

#[test]
fn a_cause_is_told_with_the_event_behind_it() {
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let (position, order) = (Position(5), EventType::OrderPlaced);
    let behind = EventRef { position, event_type: order, occurred_at: at("2026-03-03T09:00:00Z") };
    let say =
        |language, cause, behind| speech(language).because_of(&cause, at("2026-03-03T09:00:00Z"), behind);
    let ordered = Cause::Event { position, event_type: order };
    let english = say(Language::English, ordered, Some(&behind));
    assert_eq!(english, "the order of 3 March 2026 (position 5)");
    assert_eq!(say(Language::Chinese, ordered, None), "2026年3月3日的订单（位置 5）");
    let level = Cause::Trend { g: 0.001, position };
    let english = say(Language::English, level, Some(&behind));
    assert_eq!(
        english,
        "what it ordered lately is level with its longer trend, counted from the order of 3 March 2026 (position 5)"
    );
    let silent = Cause::Silence { p: 0.1, median_gap_days: Some(31.0), silent_days: 104.0, seasonal: true };
    assert_eq!(
        say(Language::English, silent, None),
        "no order for 104 days (usually 31 days); by its own rhythm 10 % of pauses last longer, as in this season of \
         the years before"
    );
}

#[test]
fn what_rounds_to_nothing_goes_neither_way() {
    assert!(is_nothing(Measure::Health, -0.004) && !is_nothing(Measure::Health, 0.006));
    assert!(is_nothing(Measure::Outlook, 0.00004) && !is_nothing(Measure::Outlook, 0.0006));
    assert_eq!(way(Measure::Health, -0.001), Word::from("level"));
    assert_eq!(way(Measure::Health, -0.1), Word::from("down"));
    assert_eq!(figure(Measure::Outlook, Some(0.653)), "65.3 %");
}
