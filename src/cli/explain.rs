use clap::Args;
use guanxi_projections::explain::{Contribution, Explanation};
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::stage::{StageReasons, Standing, TransitionReason};
use guanxi_projections::time::Timestamp;

use super::failure::Failure;
use super::output::{self, Output};
use super::reasons::{Speech, figure, is_nothing, points_line};
use super::show::account;
use super::trend::measure;
use super::{AskedArgs, Global};
use crate::ledger::{ExplainAnswer, StageAnswer};

/// Say why a figure of an account is what it is: what each event adds to it or takes from it. The points sum to the
/// figure.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// What to explain: stage, health, score, outlook, a dimension, exposure or confidence.
    #[arg(value_parser = subject)]
    measure: Subject,
    /// List at most so many events one by one, those that matter most; the others are summed. JSON lists all unless
    /// told.
    #[arg(long, value_name = "COUNT")]
    top: Option<usize>,
    #[command(flatten)]
    asked: AskedArgs,
}

/// How many events people are told of unless they say otherwise.
const TOP: usize = 10;

#[derive(Debug, Clone, Copy)]
enum Subject {
    Stage,
    Figure(Measure),
}

fn subject(name: &str) -> Result<Subject, String> {
    match name {
        "stage" => Ok(Subject::Stage),
        name => measure(name).map(Subject::Figure).map_err(|figures| format!("stage, or {figures}")),
    }
}

impl Explain {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let asked = self.asked.asked()?;
        let (output, words, zone) = (global.output(), global.words(), ledger.zone());
        match self.measure {
            Subject::Stage => {
                let answer = ledger.explain_stage(&self.account, &asked)?;
                match output {
                    Output::Json => output::json(&answer),
                    Output::People => output::text(&stage(&answer, Speech::plain(words, zone))),
                }
            }
            Subject::Figure(measure) => {
                let most = if output == Output::Json { usize::MAX } else { TOP };
                let answer = ledger.explain(&self.account, measure, &asked, self.top.unwrap_or(most))?;
                let speech = Speech { words, zone, said: Some(&answer.said), facets: Some(&answer.facets) };
                match output {
                    Output::Json => output::json(&answer),
                    Output::People => output::text(&explain(&answer, speech)),
                }
            }
        }
    }
}

/// The reasons for a figure in sentences.
fn explain(answer: &ExplainAnswer, speech: Speech<'_>) -> String {
    let (explained, words) = (&answer.explanation, speech.words);
    let measure = explained.measure;
    if explained.value.is_none() {
        return format!("{}\n", words.say("explain-no-outlook", &[("name", answer.name.as_str().into())]));
    }
    let says = [
        ("measure", speech.measure(measure).into()),
        ("name", answer.name.as_str().into()),
        ("day", speech.day(answer.coordinates.as_of)),
        ("value", figure(measure, explained.value).into()),
        ("baseline", figure(measure, Some(explained.baseline)).into()),
    ];
    let mut text = format!("{}\n", words.say("explain-value", &says));
    let told = explained.contributions.iter().filter(|one| !is_nothing(measure, one.points));
    let (lifted, lowered): (Vec<_>, Vec<_>) = told.partition(|one| one.points > 0.0);
    if lifted.is_empty() && lowered.is_empty() {
        text += &format!("{}\n", words.say("explain-nothing", &[]));
    }
    for (id, side) in [("explain-lifted", lifted), ("explain-lowered", lowered)] {
        if !side.is_empty() {
            text += &format!("{}\n", words.say(id, &[]));
            for one in side {
                text += &contribution(measure, one, speech);
            }
        }
    }
    if let Some(rest) = explained.rest.filter(|rest| !is_nothing(measure, rest.points)) {
        let rest = points_line(measure, rest.points, &speech.rest(rest.events));
        text += &format!("{}\n{rest}", words.say("explain-others", &[]));
    }
    text + &beside(explained, speech)
}

fn contribution(measure: Measure, one: &Contribution, speech: Speech<'_>) -> String {
    let event = speech.event(&one.event);
    let through = one.dimensions.iter().filter(|(_, points)| !is_nothing(measure, **points));
    let through = speech.words.list(through.map(|(dimension, _)| speech.measure(*dimension)));
    let named = if through.is_empty() {
        event
    } else {
        speech.words.say("explain-through", &[("event", event.into()), ("dimensions", through.into())])
    };
    points_line(measure, one.points, &speech.quoted(&one.event, named))
}

/// The dimensions, and what experience says.
fn beside(explained: &Explanation, speech: Speech<'_>) -> String {
    let (measure, words) = (explained.measure, speech.words);
    let mut text = String::new();
    if !explained.dimensions.is_empty() {
        let dimension = |share: &guanxi_projections::explain::Share| {
            format!("{} {}", speech.measure(share.dimension), figure(measure, Some(share.value)))
        };
        let shares = words.list(explained.dimensions.iter().map(dimension));
        text += &format!("{}\n", words.say("explain-dimensions", &[("shares", shares.into())]));
    }
    if !explained.terms.is_empty() {
        let term = |term: &guanxi_projections::experience::Term| {
            let value = term.value.as_ref().map(|value| format!(" {value}")).unwrap_or_default();
            format!("{}{value} {:+.2}", words.name_if_known("term", &term.name), term.log_odds)
        };
        let terms = words.list(explained.terms.iter().map(term));
        text += &format!("{}\n", words.say("explain-terms", &[("terms", terms.into())]));
    }
    text
}

/// The reasons for a stage in sentences.
fn stage(answer: &StageAnswer, speech: Speech<'_>) -> String {
    let words = speech.words;
    let StageReasons { name, since, cause, transitions, standing, next, flags, event } = &answer.stage;
    let says = [
        ("name", answer.name.as_str().into()),
        ("stage", words.name("stage", name.as_str()).into()),
        ("day", speech.day(*since)),
        ("cause", speech.because_of(cause, *since, event.as_ref()).into()),
    ];
    let mut text = format!("{}\n", words.say("explain-stage", &says));
    if !flags.is_empty() {
        let flags = words.list(flags.iter().map(|flag| words.name("flag", flag.as_str())));
        text += &format!("{}\n", words.say("explain-stage-flags", &[("flags", flags.into())]));
    }
    // The last one is the entry into the stage, and told already.
    if let Some((_, earlier)) = transitions.split_last().filter(|(_, earlier)| !earlier.is_empty()) {
        text += &format!("{}\n", words.say("explain-stage-way", &[]));
        for one in earlier {
            text += &format!("  {}\n", transition(one, speech));
        }
    }
    text += &decides(standing, speech);
    text + &format!("{}\n", words.say("explain-stage-next", &[("next", speech.next(next.as_ref()).into())]))
}

fn transition(one: &TransitionReason, speech: Speech<'_>) -> String {
    let (words, moved) = (speech.words, &one.transition);
    let says = [
        ("day", speech.day(moved.at)),
        ("from", words.name("stage", moved.from.as_str()).into()),
        ("to", words.name("stage", moved.to.as_str()).into()),
        ("cause", speech.because_of(&moved.cause, moved.at, one.event.as_ref()).into()),
    ];
    words.say("explain-stage-was", &says)
}

/// What decides now.
fn decides(standing: &Standing, speech: Speech<'_>) -> String {
    let words = speech.words;
    let mut text = String::new();
    let causes: Vec<_> = [standing.trend, standing.silence].into_iter().flatten().collect();
    if !causes.is_empty() {
        text += &format!("{}\n", words.say("explain-stage-now", &[]));
    }
    for cause in causes {
        text += &format!("  {}\n", speech.because(&cause, Timestamp::MIN));
    }
    let dates =
        [("watch", standing.watch_at), ("decline", standing.decline_at), ("churn", standing.churn_at)];
    let date = |(what, at): (&str, Option<Timestamp>)| {
        let kind = if what == "watch" { "flag" } else { "stage" };
        let says = [("what", words.name(kind, what).into()), ("day", speech.day(at?))];
        Some(words.say("explain-stage-date", &says))
    };
    let dates = words.list(dates.into_iter().filter_map(date));
    if !dates.is_empty() {
        text += &format!("{}\n", words.say("explain-stage-dates", &[("dates", dates.into())]));
    }
    text
}
