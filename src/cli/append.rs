use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use guanxi_projections::rejection::Rejection;
use guanxi_projections::wire::{self, Draft};
use serde_json::{Value, json};

use super::console::{self, Console};
use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, local_actor, opened};
use crate::ledger::{Accepted, Receipt, Revising, Submission, Unit};

/// The most bytes that `append` reads: more is for `import`.
const BYTES_MAX: u64 = 16 << 20;

/// Record one event, or a batch of which all are recorded or none.
///
/// The input is a CloudEvent in JSON, or an array of them. Appending the same event again (same source and id,
/// same content) changes nothing and succeeds; the same source and id with other content is a conflict.
#[derive(Debug, Args)]
pub(super) struct Append {
    /// File with the event or events; `-` is standard input.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Record only if the account of the first event has exactly so many events.
    #[arg(long, value_name = "COUNT")]
    if_match: Option<u64>,
}

impl Append {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let drafts = parse(&self.text()?)?;
        let ledger = global.open_for_writing("guanxi append")?;
        let submission = Submission {
            drafts,
            unit: Unit::Whole,
            actor: local_actor()?,
            revising: Revising::Any,
            expected_count: self.if_match,
        };
        let receipts = opened::submit(&ledger, &submission)?;
        let accepted = receipts.into_iter().filter_map(|receipt| match receipt {
            Receipt::Accepted(accepted) => Some(accepted),
            Receipt::Refused(_) => None,
        });
        report(global, &accepted.collect::<Vec<_>>())
    }

    /// Whether it reads standard input.
    pub(super) fn reads_input(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    fn text(&self) -> Result<Vec<u8>, Failure> {
        read(&self.file)
    }
}

/// Reads a file of events; `-` is standard input.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let name = file.display();
    let unreadable = |error: std::io::Error| Failure::user(format!("could not read {name}: {error}"));
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        Console::current().input()
    } else {
        Box::new(console::open(file).map_err(unreadable)?)
    };
    let mut text = Vec::new();
    input.take(BYTES_MAX + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > BYTES_MAX {
        let message = format!("{name} has more than {BYTES_MAX} bytes");
        return Err(Failure::user(message).hint("`guanxi import` takes files of any size"));
    }
    Ok(text)
}

/// The events of a text: one, or an array of them.
pub(super) fn parse(text: &[u8]) -> Result<Vec<Draft>, Failure> {
    let refused = |rejection: Rejection| {
        Failure::user(format!("{rejection}")).hint(format!("rule `{}`", rejection.rule))
    };
    let read = wire::read(text, text.len()).map_err(refused)?;
    let Value::Array(events) = read else {
        return Ok(vec![wire::parse(&read).map_err(refused)?]);
    };
    let one = |(n, event)| wire::parse(event).map_err(|error| refused(error.within(&format!("/{n}"))));
    events.iter().enumerate().map(one).collect()
}

fn report(global: &Global, accepted: &[Accepted]) -> Result<(), Failure> {
    if global.output() == Output::Json {
        return output::json(&json!({ "events": accepted }));
    }
    for event in accepted {
        let Accepted { source, id, position, .. } = event;
        let how = if event.duplicate { "was recorded before" } else { "recorded" };
        output::line(&format!("{source} {id}: {how}, position {position}"))?;
    }
    Ok(())
}
