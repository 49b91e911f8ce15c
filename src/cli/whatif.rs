use std::path::Path;

use clap::Args;
use guanxi_projections::event::revision::Target;
use guanxi_projections::id::{AccountId, EventId, Source};
use guanxi_projections::position::Position;
use guanxi_projections::stage::Stage;
use guanxi_projections::whatif::{MeasureCompared, Outline};
use guanxi_projections::wire::Draft;

use super::append::{parse, read};
use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::reasons::{Speech, figure, is_nothing, points, way};
use super::show::account;
use super::{AskedArgs, Global, local_actor};
use crate::ledger::{WhatIf, WhatIfAnswer};

/// Ask what an account would be without some events, or with some that did not happen (yet). Nothing is recorded.
///
/// Added events are judged like appended ones. One may lie in the future: the question is then about its time, unless
/// --as-of says another.
#[derive(Debug, Args)]
pub(super) struct Whatif {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// Do without this event: its position, or its source and id as SOURCE/ID; may be given several times.
    #[arg(long, value_name = "EVENT", value_parser = target)]
    without: Vec<Target>,
    /// Add the events of this file, or this event itself, as a CloudEvent in JSON; may be given several times.
    #[arg(long, value_name = "FILE|EVENT", required_unless_present = "without")]
    with: Vec<String>,
    #[command(flatten)]
    asked: AskedArgs,
}

fn target(text: &str) -> Result<Target, String> {
    if let Ok(position) = text.parse() {
        return Ok(Target::Position(Position(position)));
    }
    let (source, id) = text.rsplit_once('/').ok_or("a position, or SOURCE/ID")?;
    let source = Source::new(source).map_err(|error| format!("the source {error}"))?;
    let id = EventId::new(id).map_err(|error| format!("the id {error}"))?;
    Ok(Target::Named { source, id })
}

impl Whatif {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let what_if = WhatIf { without: self.without.clone(), with: self.drafts()?, actor: local_actor()? };
        let answer = ledger.what_if(&self.account, &what_if, &self.asked.asked()?)?;
        let speech = Speech { facets: Some(&answer.facets), ..Speech::plain(global.words(), ledger.zone()) };
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => output::text(&describe(&answer, speech)),
        }
    }

    /// Whether it reads standard input.
    pub(super) fn reads_input(&self) -> bool {
        self.with.iter().any(|with| with == "-")
    }

    fn drafts(&self) -> Result<Vec<Draft>, Failure> {
        let mut drafts = Vec::new();
        for with in &self.with {
            let is_event = with.trim_start().starts_with(['{', '[']);
            let text = if is_event { with.clone().into_bytes() } else { read(Path::new(with))? };
            drafts.extend(parse(&text)?);
        }
        Ok(drafts)
    }
}

/// The comparison in sentences.
fn describe(answer: &WhatIfAnswer, speech: Speech<'_>) -> String {
    let (words, comparison) = (speech.words, &answer.comparison);
    let title = [
        ("name", answer.name.as_str().into()),
        ("day", speech.moment(answer.coordinates.as_of)),
        ("changes", words.list(changes(answer, speech)).into()),
    ];
    let mut text = format!("{}\n", words.say("whatif-title", &title));
    let mut line = |says: &str| text += &format!("  {says}\n");
    let moves: Vec<String> = comparison.measures.iter().filter_map(|one| moved(one, speech)).collect();
    if moves.is_empty() {
        line(&words.say("whatif-same", &[]));
    }
    for says in &moves {
        line(says);
    }
    let (before, after) = (&comparison.before, &comparison.after);
    let stage = |state: &Outline| state.stage.map(Stage::as_str);
    let pairs = [
        ("stage", stage(before), stage(after)),
        ("colour", Some(before.colour.as_str()), Some(after.colour.as_str())),
        ("quadrant", Some(before.quadrant.as_str()), Some(after.quadrant.as_str())),
    ];
    for (kind, before, after) in pairs.into_iter().filter(|(_, before, after)| before != after) {
        line(&turned(kind, (before, after), speech));
    }
    let next = [before, after].map(|state| speech.next(state.next.as_ref()));
    let id = if next[0] == next[1] { "whatif-next-same" } else { "whatif-next" };
    let [before, after] = next;
    line(&words.say(id, &[("before", before.into()), ("after", after.into())]));
    text
}

/// What is imagined.
fn changes(answer: &WhatIfAnswer, speech: Speech<'_>) -> Vec<String> {
    let words = speech.words;
    let without = answer.without.iter().map(|position| {
        match answer.missing.iter().find(|event| event.position == *position) {
            Some(event) => words.say("whatif-without", &[("event", speech.event(event).into())]),
            None => words.say("whatif-without-revision", &[("position", position.to_string().into())]),
        }
    });
    let with = answer.with.iter().map(|added| {
        let kind = speech.kind(added.event_type, added.facet);
        words.say("whatif-with", &[("event", kind.into()), ("day", speech.day(added.occurred_at))])
    });
    without.chain(with).collect()
}

/// How a figure would move; `None` where it would be told as unmoved.
fn moved(one: &MeasureCompared, speech: Speech<'_>) -> Option<String> {
    let (measure, change) = (one.measure, one.after.unwrap_or(0.0) - one.before.unwrap_or(0.0));
    let id = match (one.before, one.after) {
        (None, None) => return None,
        (None, Some(_)) => "whatif-first",
        (Some(_), None) => "whatif-lost",
        (Some(_), Some(_)) if is_nothing(measure, change) => return None,
        (Some(_), Some(_)) => "whatif-moved",
    };
    let says = [
        ("measure", speech.measure(measure).into()),
        ("from", figure(measure, one.before).into()),
        ("to", figure(measure, one.after).into()),
        ("change", points(measure, change).into()),
        ("way", way(measure, change)),
    ];
    Some(speech.words.say(id, &says))
}

/// How something that is no number would be.
fn turned(kind: &str, (before, after): (Option<&str>, Option<&str>), speech: Speech<'_>) -> String {
    let name = |word: Option<&str>| or_dash(word.map(|word| speech.words.name(kind, word)));
    let what = speech.words.say(&format!("label-{kind}"), &[]);
    let says = [("what", what.into()), ("before", name(before).into()), ("after", name(after).into())];
    speech.words.say("whatif-turned", &says)
}
