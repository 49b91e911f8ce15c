use std::path::Path;

use clap::Args;
use guanxi_projections::event::revision::Target;
use guanxi_projections::id::{AccountId, EventId, Source};
use guanxi_projections::position::Position;
use guanxi_projections::wire::Draft;

use super::append::{parse, read};
use super::failure::Failure;
use super::output::{self, Output};
use super::reasons::Speech;
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
        let speech = Speech { words: global.words(), zone: ledger.zone(), said: None };
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
    let (words, zone) = (speech.words, speech.zone);
    let without = answer
        .without
        .iter()
        .map(|position| words.say("whatif-without", &[("position", position.to_string().into())]));
    let with = answer.with.iter().map(|added| {
        let kind = words.name("event", &added.event_type.as_str().replace('.', "-"));
        let day = zone.day_of(added.occurred_at).to_string();
        words.say("whatif-with", &[("event", kind.into()), ("day", day.into())])
    });
    let title = [
        ("name", answer.name.as_str().into()),
        ("as_of", zone.local(answer.coordinates.as_of).into()),
        ("changes", words.list(without.chain(with)).into()),
    ];
    let mut text = format!("{}\n", words.say("whatif-title", &title));
    let (before, after) = (&answer.comparison.before, &answer.comparison.after);
    for one in &answer.comparison.measures {
        let change = one.after.unwrap_or(0.0) - one.before.unwrap_or(0.0);
        if change.abs() > 0.0 {
            text += &format!("  {}\n", speech.moved(one.measure, (one.before, one.after), change));
        }
    }
    if answer.comparison.measures.iter().all(|one| one.before == one.after) {
        text += &format!("  {}\n", words.say("whatif-same", &[]));
    }
    let stages = (
        before.stage.map(guanxi_projections::stage::Stage::as_str),
        after.stage.map(guanxi_projections::stage::Stage::as_str),
    );
    let colours = (Some(before.colour.as_str()), Some(after.colour.as_str()));
    let quadrants = (Some(before.quadrant.as_str()), Some(after.quadrant.as_str()));
    for (kind, pair) in [("stage", stages), ("colour", colours), ("quadrant", quadrants)] {
        if pair.0 != pair.1 {
            text += &format!("  {}\n", speech.turned(kind, pair));
        }
    }
    let next = [("before", speech.next(before.next.as_ref())), ("after", speech.next(after.next.as_ref()))];
    text + &format!("  {}\n", words.say("whatif-next", &next.map(|(name, next)| (name, next.into()))))
}
