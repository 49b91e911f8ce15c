use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use clap::Args;
use guanxi_projections::rejection::Rule;
use guanxi_projections::wire::{self, Draft};
use serde::Serialize;
use serde_json::json;

use super::console::{self, Console};
use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, local_actor, opened, progress};
use crate::import::{self, Desk, Entry, ImportError, Mapping, Place};
use crate::ledger::{
    ArchiveError, ArchiveLine, Ledger, Receipt, Refused, Revising, Submission, SubmitError, Unit,
};

/// Events recorded in one commit.
const BATCH_EVENTS: usize = 1_000;
/// Batches read ahead while one is being recorded.
const BATCHES_AHEAD: usize = 2;
/// Problems told on standard error; `--report` has them all.
const PROBLEMS_TOLD: usize = 10;

/// Record the events of files: CloudEvents, one JSON per line, or tables through a mapping.
///
/// Files may be gzipped; `-` is standard input. What was recorded before is recognised and passed over, so an
/// import that was interrupted is simply run again. A line that cannot be recorded is reported with its place and
/// the others go on, unless --strict. How a mapping is written stands in fixtures/mappings/README.md.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Files to read, in this order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the rows of a table become events: a TOML file.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Stop at the first line that cannot be recorded; what was recorded before it stays.
    #[arg(long)]
    strict: bool,
    /// Write every problem to a new file, one JSON per line.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Rebuild an empty ledger from an archive made by `export --archive`, byte for byte.
    #[arg(long, conflicts_with_all = ["mapping", "strict", "report"])]
    restore: bool,
}

impl Import {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let mapping = self.mapping.as_deref().map(load_mapping).transpose()?;
        let ledger = global.open_for_writing("guanxi import")?;
        if self.restore {
            return restore(&ledger, &self.files, global);
        }
        let mut problems = Problems::new(self.report.as_deref())?;
        let on_problem = if self.strict { OnProblem::Stop } else { OnProblem::GoOn };
        let imported = import_files(&ledger, &self.files, mapping.as_ref(), &mut problems, on_problem);
        // The one problem of a strict import is told as its failure.
        let told = if self.strict && imported.is_err() { Ok(()) } else { problems.finish() };
        let counts = imported?;
        told?;
        counts.print(global)
    }

    /// Whether it reads standard input.
    pub(super) fn reads_input(&self) -> bool {
        self.files.iter().any(|file| file.as_os_str() == import::STDIN)
    }
}

/// What follows when a line cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnProblem {
    /// It is reported, and the others go on.
    GoOn,
    /// The import ends.
    Stop,
}

/// The desk of whoever is at the other end.
fn desk() -> Desk {
    let (console, names) = (Console::current(), Console::current());
    Desk::new(move |name| names.open(name), move || console.input())
}

fn load_mapping(path: &Path) -> Result<Mapping, Failure> {
    Mapping::load(&desk(), path).map_err(|error| Failure::user(format!("{}: {error}", path.display())))
}

/// Imports files and says what became of their events.
pub(super) fn import_files(
    ledger: &Ledger,
    files: &[PathBuf],
    mapping: Option<&Mapping>,
    problems: &mut Problems,
    on_problem: OnProblem,
) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    for file in files {
        let (sender, receiver) = sync_channel(BATCHES_AHEAD);
        std::thread::scope(|scope| {
            let console = Console::current();
            let reader = scope.spawn(move || console.within(|| read_batches(file, mapping, &sender)));
            let mut recorder = Recorder { ledger, problems: &mut *problems, counts: &mut counts, on_problem };
            let outcome = recorder.record_all(&receiver);
            drop(receiver);
            let read = reader.join().unwrap_or_else(|_| Err(Failure::user("reading the file failed")));
            outcome.and(read)
        })?;
    }
    Ok(counts)
}

/// One item of a file, read and parsed.
struct Item {
    place: Place,
    opening: bool,
    draft: Result<Draft, Problem>,
}

/// Why a line was not recorded.
#[derive(Debug, Clone, Serialize)]
struct Problem {
    place: String,
    /// Column of a table, or JSON pointer into an event.
    #[serde(rename = "where", skip_serializing_if = "String::is_empty")]
    at: String,
    rule: String,
    reason: String,
}

/// Reads and parses on a thread of its own, so that the next batch is ready when one is recorded.
fn read_batches(
    file: &Path,
    mapping: Option<&Mapping>,
    sender: &SyncSender<Vec<Item>>,
) -> Result<(), Failure> {
    let entries = import::open(&desk(), file, mapping).map_err(|error| unreadable(&error))?;
    let told = entries.progress();
    let bar = progress::of_bytes(told.bytes_total().unwrap_or(0));
    bar.set_message(file.display().to_string());
    let mut batch = Vec::with_capacity(BATCH_EVENTS);
    for entry in entries {
        match entry {
            Ok(entry) => batch.push(parse(entry)),
            Err(error) => {
                let _ = sender.send(batch);
                bar.finish_and_clear();
                return Err(unreadable(&error));
            }
        }
        if batch.len() == BATCH_EVENTS {
            bar.set_position(told.bytes_read());
            if sender.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH_EVENTS))).is_err() {
                break; // The other side has stopped and says why.
            }
        }
    }
    let _ = sender.send(batch);
    bar.finish_and_clear();
    Ok(())
}

fn unreadable(error: &ImportError) -> Failure {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    Failure::user(message)
}

fn parse(entry: Entry) -> Item {
    let Entry { place, opening, event } = entry;
    let draft = match event {
        Err(problem) => Err(Problem {
            place: problem.place.to_string(),
            at: problem.field.unwrap_or_default(),
            rule: "row".to_owned(),
            reason: problem.reason,
        }),
        Ok(event) => wire::parse(&event).map_err(|rejection| Problem {
            place: place.to_string(),
            at: rejection.pointer,
            rule: rejection.rule.code().to_owned(),
            reason: rejection.message,
        }),
    };
    Item { place, opening, draft }
}

/// Records batches in order.
struct Recorder<'a> {
    ledger: &'a Ledger,
    problems: &'a mut Problems,
    counts: &'a mut Counts,
    on_problem: OnProblem,
}

impl Recorder<'_> {
    fn record_all(&mut self, batches: &Receiver<Vec<Item>>) -> Result<(), Failure> {
        batches.iter().try_for_each(|batch| self.record(batch))
    }

    fn record(&mut self, batch: Vec<Item>) -> Result<(), Failure> {
        let (mut drafts, mut origins) = (Vec::new(), Vec::new());
        let mut stop = None;
        for item in batch {
            self.counts.lines += 1;
            match item.draft {
                Ok(draft) => {
                    drafts.push(draft);
                    origins.push((item.place, item.opening));
                }
                Err(problem) => {
                    stop = self.problem(problem);
                    if stop.is_some() {
                        break;
                    }
                }
            }
        }
        self.submit(drafts, &origins)?;
        stop.map_or(Ok(()), Err)
    }

    fn submit(&mut self, drafts: Vec<Draft>, origins: &[(Place, bool)]) -> Result<(), Failure> {
        match self.on_problem {
            OnProblem::GoOn => self.submit_each(drafts, origins),
            OnProblem::Stop => self.submit_until_refused(drafts, origins),
        }
    }

    /// Records what stands before the first event that is refused, and nothing after it.
    fn submit_until_refused(
        &mut self,
        mut drafts: Vec<Draft>,
        mut origins: &[(Place, bool)],
    ) -> Result<(), Failure> {
        while !drafts.is_empty() {
            let mut submission = submission(drafts, Unit::Whole)?;
            let (index, refused) = match opened::submit(self.ledger, &submission) {
                Ok(receipts) => return self.count(receipts, &submission.drafts, origins),
                Err(SubmitError::Refused { index, refused }) => (index, refused),
                Err(error) => return Err(error.into()),
            };
            drafts = submission.drafts.split_off(submission.drafts.len().min(index + 1));
            let refused_draft = submission.drafts.pop();
            let (before, from) = origins.split_at(origins.len().min(index));
            self.submit_each(submission.drafts, before)?;
            if let (Some(draft), Some((origin, after))) = (refused_draft, from.split_first()) {
                self.count(vec![Receipt::Refused(refused)], &[draft], std::slice::from_ref(origin))?;
                origins = after;
            }
        }
        Ok(())
    }

    fn submit_each(&mut self, drafts: Vec<Draft>, origins: &[(Place, bool)]) -> Result<(), Failure> {
        if drafts.is_empty() {
            return Ok(());
        }
        let submission = submission(drafts, Unit::Each)?;
        let receipts = opened::submit(self.ledger, &submission)?;
        self.count(receipts, &submission.drafts, origins)
    }

    fn count(
        &mut self,
        receipts: Vec<Receipt>,
        drafts: &[Draft],
        origins: &[(Place, bool)],
    ) -> Result<(), Failure> {
        for ((receipt, draft), (place, opening)) in receipts.into_iter().zip(drafts).zip(origins) {
            match receipt {
                Receipt::Accepted(accepted) if accepted.duplicate => self.counts.duplicates += 1,
                Receipt::Accepted(_) => self.counts.recorded(draft),
                // An account that is open already needs no opening, whoever opened it.
                Receipt::Refused(refused) if *opening && is_open_already(&refused) => {}
                Receipt::Refused(refused) => {
                    if let Some(failure) = self.problem(refusal(place, &refused)) {
                        return Err(failure);
                    }
                }
            }
        }
        Ok(())
    }

    /// Notes a problem; the failure to stop with when none is tolerated.
    fn problem(&mut self, problem: Problem) -> Option<Failure> {
        self.counts.problems += 1;
        *self.counts.by_rule.entry(problem.rule.clone()).or_default() += 1;
        let failure = match self.on_problem {
            OnProblem::GoOn => None,
            OnProblem::Stop => {
                Some(Failure::user(problem.to_string()).hint("what stands before this line is recorded"))
            }
        };
        self.problems.note(problem);
        failure
    }
}

fn submission(drafts: Vec<Draft>, unit: Unit) -> Result<Submission, Failure> {
    Ok(Submission { drafts, unit, actor: local_actor()?, revising: Revising::Any, expected_count: None })
}

fn is_open_already(refused: &Refused) -> bool {
    match refused {
        Refused::Rejected(rejection) => rejection.rule == Rule::AccountExists,
        Refused::Conflict { .. } => true,
        Refused::PreconditionFailed { .. } => false,
    }
}

fn refusal(place: &Place, refused: &Refused) -> Problem {
    let (at, rule, reason) = match refused {
        Refused::Rejected(rejection) => {
            (rejection.pointer.clone(), rejection.rule.code(), rejection.message.clone())
        }
        Refused::Conflict { .. } => (String::new(), "conflict", refused.to_string()),
        Refused::PreconditionFailed { .. } => (String::new(), "precondition-failed", refused.to_string()),
    };
    Problem { place: place.to_string(), at, rule: rule.to_owned(), reason }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = if self.at.is_empty() { String::new() } else { format!(" {}:", self.at) };
        write!(f, "{}:{at} {}", self.place, self.reason)
    }
}

/// Problems: the first few for the person, all of them for the report.
#[derive(Debug)]
pub(super) struct Problems {
    told: Vec<Problem>,
    untold: u64,
    report: Option<BufWriter<File>>,
    failed: Option<std::io::Error>,
}

impl Problems {
    pub(super) fn new(report: Option<&Path>) -> Result<Self, Failure> {
        let create = |path: &Path| {
            console::create_new(path).map(BufWriter::new).map_err(|error| {
                Failure::user(format!("could not write the report {}: {error}", path.display()))
            })
        };
        let report = report.map(create).transpose()?;
        Ok(Self { told: Vec::new(), untold: 0, report, failed: None })
    }

    fn note(&mut self, problem: Problem) {
        if let Some(report) = &mut self.report {
            let line = serde_json::to_string(&problem).unwrap_or_default();
            self.failed = self.failed.take().or(writeln!(report, "{line}").err());
        }
        if self.told.len() < PROBLEMS_TOLD {
            self.told.push(problem);
        } else {
            self.untold += 1;
        }
    }

    pub(super) fn finish(mut self) -> Result<(), Failure> {
        for problem in &self.told {
            output::notice(&problem.to_string());
        }
        if self.untold > 0 {
            output::notice(&format!("and {} more like these; --report FILE writes them all", self.untold));
        }
        if let Some(report) = &mut self.report {
            self.failed = self.failed.take().or(report.flush().err());
        }
        self.failed.map_or(Ok(()), |error| Err(Failure::user(format!("could not write the report: {error}"))))
    }
}

/// What became of the events of an import.
#[derive(Debug, Default, Serialize)]
pub(super) struct Counts {
    /// Events read, and lines that gave none.
    lines: u64,
    recorded: u64,
    by_type: BTreeMap<&'static str, u64>,
    duplicates: u64,
    problems: u64,
    by_rule: BTreeMap<String, u64>,
}

impl Counts {
    fn recorded(&mut self, draft: &Draft) {
        self.recorded += 1;
        *self.by_type.entry(draft.event.event_type().as_str()).or_default() += 1;
    }

    fn print(&self, global: &Global) -> Result<(), Failure> {
        if global.output() == Output::Json {
            return output::json(self);
        }
        let Self { recorded, duplicates, problems, .. } = self;
        output::line(&format!(
            "{recorded} events recorded, {duplicates} recorded before, {problems} could not be recorded."
        ))?;
        for (event_type, count) in &self.by_type {
            output::line(&format!("  {count:>8} {event_type}"))?;
        }
        for (rule, count) in &self.by_rule {
            output::line(&format!("  {count:>8} refused: {rule}"))?;
        }
        Ok(())
    }
}

fn restore(ledger: &Ledger, files: &[PathBuf], global: &Global) -> Result<(), Failure> {
    let [file] = files else {
        return Err(Failure::user("an archive is one file"));
    };
    let entries = import::open(&desk(), file, None).map_err(|error| unreadable(&error))?;
    let bar = progress::of_bytes(entries.progress().bytes_total().unwrap_or(0));
    let told = entries.progress();
    let lines = entries.map(|entry| match entry {
        Ok(Entry { place, event: Ok(event), .. }) => ArchiveLine::parse(place.line, event),
        Ok(Entry { event: Err(problem), .. }) => {
            Err(ArchiveError::Line { line: problem.place.line, says: problem.reason })
        }
        Err(error) => Err(ArchiveError::Line { line: 0, says: unreadable(&error).to_string() }),
    });
    let restored = ledger.restore(lines, |_| bar.set_position(told.bytes_read()));
    bar.finish_and_clear();
    let summary = restored?;
    if global.output() == Output::Json {
        return output::json(&json!(summary));
    }
    output::line(&format!("{} events restored; the ledger has {}.", summary.restored, summary.events))?;
    output::line(&format!("  root {}", summary.root))
}
