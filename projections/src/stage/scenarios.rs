//! Scenarios as text, each worked out by hand. The README beside them says how they are written.

use super::{Cause, CauseKind, Flag, StageState, StageView, Transition};
use crate::event::EventType;
use crate::image::Image;
use crate::policy::Policy;
use crate::projection::fold;
use crate::rates::Rates;
use crate::story::{Story, at};
use crate::time::{Timestamp, Zone};

macro_rules! scenarios {
    ($($name:ident)+) => {$(
        #[test]
        fn $name() {
            check(include_str!(concat!("../../../fixtures/scenarios/stage/", stringify!($name), ".txt")));
        }
    )+};
}

scenarios! {
    acquisition
    churn
    closing
    decline
    flags
    growth
    instants
    money
    rhythm
    seasonal
}

/// Runs a file of scenarios.
#[track_caller]
fn check(text: &str) {
    let mut scenario = Scenario::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if !line.is_empty() && !line.starts_with('#') {
            scenario.take(line).unwrap_or_else(|problem| panic!("line {}: {problem}", index + 1));
        }
    }
    assert!(scenario.checks > 0, "the file checks nothing");
}

struct Scenario {
    zone: Zone,
    story: Story,
    ledger: Story,
    view: Option<StageView>,
    checks: usize,
}

impl Default for Scenario {
    fn default() -> Self {
        let zone = Zone::named("UTC").unwrap();
        Self { zone, story: Story::default(), ledger: Story::default(), view: None, checks: 0 }
    }
}

impl Scenario {
    fn take(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "scenario" => *self = Self { checks: self.checks, ..Self::default() },
            "zone" => self.zone = Zone::named(rest).unwrap(),
            "at" => self.view = self.view_at(at(rest)),
            "rate" => self.rate(rest),
            "none" | "stage" | "cause" | "flags" | "next" | "passed" => return self.expect(word, rest),
            _ => self.event(at(word), rest),
        }
        Ok(())
    }

    fn rate(&mut self, text: &str) {
        let fields: Vec<_> = text.split(' ').collect();
        let [date, from, to, rate] = fields[..] else { panic!("a rate has date, from, to, rate") };
        let set = serde_json::json!({ "from": from, "to": to, "rate": rate, "date": date });
        self.ledger.tell(Timestamp::MIN, EventType::RateSet, set);
    }

    fn event(&mut self, at: Timestamp, text: &str) {
        let fields: Vec<_> = text.splitn(3, ' ').collect();
        match fields[..] {
            ["opened"] => self.story.opened(at),
            ["closed"] => self.story.closed(at),
            ["reopened"] => self.story.reopened(at),
            ["order", id, money] => self.story.order(at, id, money),
            ["return", "-", money] => self.story.give_back(at, None, money),
            ["return", id, money] => self.story.give_back(at, Some(id), money),
            ["met", channel] => self.story.met(at, channel),
            ["merged"] => {
                self.story.tell(at, EventType::AccountMerged, serde_json::json!({ "into": "other" }))
            }
            _ => panic!("no such event: {text}"),
        };
    }

    fn view_at(&self, as_of: Timestamp) -> Option<StageView> {
        let policy = Policy::default_policy();
        let ledger = self.ledger.effective(as_of);
        let rates = Rates::from_history(&ledger, self.zone);
        fold(StageState::new(&policy, self.zone, &rates), &self.story.image(), as_of, Timestamp::MAX)
    }

    fn expect(&mut self, word: &str, expected: &str) -> Result<(), String> {
        self.checks += 1;
        let actual = match (&self.view, word) {
            (None, "none") => String::new(),
            (None, _) => return Err("there is no stage yet".to_owned()),
            (Some(view), "stage") => format!("{} since {}", view.name.as_str(), view.since),
            (Some(view), "cause") => said(&view.cause),
            (Some(view), "flags") => flag_words(view),
            (Some(view), "next") => next(view),
            (Some(view), _) => passed(view),
        };
        let expected = expected.trim();
        if matches(expected, &actual) {
            Ok(())
        } else {
            Err(format!("{word}: expected `{expected}`, but it is `{actual}`"))
        }
    }
}

/// Word by word, each expected word being the beginning of the actual one.
fn matches(expected: &str, actual: &str) -> bool {
    let (expected, actual) = (expected.split_whitespace(), actual.split_whitespace());
    expected.clone().count() == actual.clone().count()
        && expected.zip(actual).all(|(expected, actual)| actual.starts_with(expected))
}

fn said(cause: &Cause) -> String {
    match cause {
        Cause::Event { position, event_type } => format!("{} {position}", event_type.as_str()),
        Cause::Silence { p, median_gap_days, silent_days, seasonal } => {
            let median = median_gap_days.map_or("-".to_owned(), |days| days.to_string());
            let seasonal = if *seasonal { "seasonal" } else { "" };
            format!("silence p={p:.4} median={median} silent={silent_days:.3} {seasonal}")
        }
        Cause::Trend { g, position } => format!("trend g={g:.6} {position}"),
        Cause::Age { days, orders } => format!("age {days} {orders}"),
    }
}

fn kind(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Event => "event",
        CauseKind::Silence => "silence",
        CauseKind::Trend => "trend",
        CauseKind::Age => "age",
    }
}

fn flag_words(view: &StageView) -> String {
    let name = |flag: &Flag| match flag {
        Flag::Watch => "watch",
        Flag::Stalled => "stalled",
        Flag::WonBack => "won_back",
    };
    view.flags.iter().map(name).collect::<Vec<_>>().join(" ")
}

fn next(view: &StageView) -> String {
    view.next
        .map_or("-".to_owned(), |next| format!("{} {} {}", next.name.as_str(), next.at, kind(next.cause)))
}

fn passed(view: &StageView) -> String {
    let step = |step: &Transition| format!("{} {} {}", step.to.as_str(), step.at, kind(step.cause.kind()));
    let mut before = "acquisition";
    for step in &view.transitions {
        assert_eq!(step.from.as_str(), before, "a transition leaves the stage entered before");
        before = step.to.as_str();
    }
    assert_eq!(before, view.name.as_str());
    view.transitions.iter().map(step).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_empty_history_has_no_stage() {
    let policy = Policy::default_policy();
    let rates = Rates::none();
    let nothing = Image::default();
    assert_eq!(
        fold(StageState::new(&policy, Zone::default(), &rates), &nothing, Timestamp::MAX, Timestamp::MAX),
        None
    );
}
