use clap::Args;
use guanxi_projections::diff::{Change, Class, ClassChange, Part, Turn, Turned};
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::time::When;

use super::failure::Failure;
use super::output::{self, Output};
use super::reasons::{Speech, points_line};
use super::show::account;
use super::trend::measure;
use super::{Global, policy_choice};
use crate::ledger::{DiffAnswer, DiffAsked, Ledger, Seen};

/// Say why an account's figures changed: what is new, what faded, what was recorded late or corrected, and what policy,
/// epoch and key list did. The parts sum to the change.
///
/// With --from and --to, how it moved from one time to another, as known now or as seen then. With --known-from and
/// --known-to, how what we know of one time (--as-of) was restated.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// The earlier time: a date (its end) or a timestamp.
    #[arg(long, value_name = "TIME", required_unless_present = "known_from")]
    from: Option<When>,
    /// The later time [default: now].
    #[arg(long, value_name = "TIME")]
    to: Option<When>,
    /// Take each time as it was known then, rather than as known now.
    #[arg(long, conflicts_with = "known_from")]
    as_seen_then: bool,
    /// Restatement: as known at this time.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["from", "to"])]
    known_from: Option<When>,
    /// Restatement: and as known at this later time [default: now].
    #[arg(long, value_name = "TIME", requires = "known_from")]
    known_to: Option<When>,
    /// Restatement: of this time [default: now].
    #[arg(long, value_name = "TIME", requires = "known_from")]
    as_of: Option<When>,
    /// As far as it was recorded by this time: a date or a timestamp [default: now].
    #[arg(long, value_name = "TIME", conflicts_with = "known_from")]
    known_at: Option<When>,
    /// Which policy the figures follow; see `show`.
    #[arg(long, value_name = "POLICY", default_value = "current")]
    policy: String,
    /// Only these; may be given several times [default: health, score and outlook; in JSON all].
    #[arg(long, value_parser = measure)]
    measure: Vec<Measure>,
    /// List at most so many events of each part one by one; the others are summed [default: 5; in JSON all].
    #[arg(long, value_name = "COUNT")]
    top: Option<usize>,
}

/// How many events of a part people are told of unless they say otherwise.
const TOP: usize = 5;
/// What people are told of unless they say otherwise.
const MEASURES: [Measure; 3] = [Measure::Health, Measure::Score, Measure::Outlook];

impl Diff {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let (from, to) = ledger.sides(&self.asked(&ledger), &policy_choice(&self.policy)?);
        let for_people = global.output() == Output::People;
        let measures = match self.measure.as_slice() {
            [] if for_people => &MEASURES,
            chosen => chosen,
        };
        let top = self.top.unwrap_or(if for_people { TOP } else { usize::MAX });
        let answer = ledger.diff(&self.account, (&from, &to), measures, top)?;
        let speech = Speech { words: global.words(), zone: ledger.zone(), said: Some(&answer.said) };
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => output::text(&describe(&answer, speech)),
        }
    }

    /// Which two coordinates are compared.
    fn asked(&self, ledger: &Ledger) -> DiffAsked {
        match (self.from, self.known_from) {
            (None, Some(known_from)) => {
                DiffAsked::Restated { as_of: self.as_of, known_from, known_to: self.known_to }
            }
            (from, _) => DiffAsked::Moved {
                from: from.unwrap_or_else(|| When::At(ledger.now())),
                to: self.to,
                seen: if self.as_seen_then { Seen::Then } else { Seen::Now },
                known_at: self.known_at,
            },
        }
    }
}

/// The difference in sentences.
fn describe(answer: &DiffAnswer, speech: Speech<'_>) -> String {
    let (words, zone) = (speech.words, speech.zone);
    let title = [
        ("name", answer.name.as_str().into()),
        ("from", zone.local(answer.from.as_of).into()),
        ("known_from", zone.local(answer.from.known_at).into()),
        ("to", zone.local(answer.to.as_of).into()),
        ("known_to", zone.local(answer.to.known_at).into()),
    ];
    let mut text = format!("{}\n", words.say("diff-title", &title));
    let difference = &answer.difference;
    text += &turn("stage", difference.stage.as_ref(), guanxi_projections::stage::Stage::as_str, speech);
    text += &turn("colour", difference.colour.as_ref(), guanxi_projections::health::Colour::as_str, speech);
    text += &turn(
        "quadrant",
        difference.quadrant.as_ref(),
        guanxi_projections::quadrant::Quadrant::as_str,
        speech,
    );
    for change in &difference.measures {
        text += &describe_change(change, speech);
    }
    text
}

fn turn<T: Copy>(
    kind: &str,
    turned: Option<&Turned<T>>,
    name: impl Fn(T) -> &'static str,
    speech: Speech<'_>,
) -> String {
    let Some(turned) = turned else { return String::new() };
    let moved = speech.turned(kind, (turned.from.map(&name), turned.to.map(&name)));
    let cause = |turn: &Turn<T>| match &turn.event {
        Some(event) => speech.event(event),
        None => class_name(turn.class, speech),
    };
    let causes = speech.words.list(turned.causes.iter().map(cause));
    let says = [("moved", moved.into()), ("causes", causes.into())];
    format!("{}\n", speech.words.say("diff-turned", &says))
}

fn class_name(class: Class, speech: Speech<'_>) -> String {
    let word = match class {
        Class::Policy => "policy",
        Class::Epoch => "epoch",
        Class::KeyList => "key_list",
        Class::Faded => "faded",
        Class::Corrected => "corrected",
        Class::Late => "late",
        Class::New => "new",
    };
    speech.words.name("class", word)
}

fn describe_change(change: &Change, speech: Speech<'_>) -> String {
    let mut text = format!("{}\n", speech.moved(change.measure, (change.from, change.to), change.change));
    for class in &change.classes {
        text += &describe_class(change.measure, class, speech);
    }
    text
}

fn describe_class(measure: Measure, class: &ClassChange, speech: Speech<'_>) -> String {
    let mut text = points_line(measure, class.points, &class_name(class.class, speech));
    for part in &class.parts {
        let word = match part.part {
            Part::Anchors => "anchors",
            Part::Calibration => "calibration",
            Part::Rates => "rates",
        };
        text += &format!("    {}", points_line(measure, part.points, &speech.words.name("part", word)));
    }
    for one in &class.events {
        text += &format!("    {}", points_line(measure, one.points, &speech.event(&one.event)));
    }
    if let Some(rest) = class.rest {
        let says = speech.words.say("reason-rest", &[("events", (rest.events as u64).into())]);
        text += &format!("    {}", points_line(measure, rest.points, &says));
    }
    text
}
