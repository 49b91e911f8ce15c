//! The command line: one file per command, whose doc comments are its manual.
//!
//! Commands parse, ask the ledger and print; they know neither how a ledger keeps things nor any rule. Answers go
//! to standard output, everything else (progress, notices, errors) to standard error. With `--json` an answer is
//! JSON and nothing else.

mod accounts;
mod alerts;
mod anchors;
mod append;
mod backtest;
mod backup;
mod calibrate;
mod completions;
mod console;
mod demo;
mod diff;
mod evaluate;
mod experience;
mod explain;
mod export;
mod failure;
mod filter;
mod group;
mod history;
mod import;
mod industry;
mod init;
mod key_accounts;
mod list;
mod movement;
mod opened;
mod output;
mod pin;
mod policy;
mod portfolio;
mod progress;
mod rate;
mod reasons;
mod restore;
mod review;
mod serve;
mod show;
mod socket;
mod token;
mod trend;
mod verify;
mod whatif;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use guanxi_projections::id::Actor;
use guanxi_projections::policy::Policy;
use guanxi_projections::time::When;

use crate::clock::SystemClock;
use crate::ledger::{Access, Asked, ClockCheck, Directory, Ledger, PolicyChoice};
use crate::words::{Language, Words};
use console::Console;
use failure::Failure;
use opened::Opened;
use output::Output;

/// A ledger of account relationships: record what happens, ask what was the case at any time, as known at any
/// time.
///
/// Exit codes: 0 ok, 1 the request failed, 2 wrong usage, 3 conflict, 4 the ledger contradicts itself, 70 a bug.
#[derive(Debug, Parser)]
#[command(name = "guanxi", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
struct Global {
    /// Directory of the ledger.
    #[arg(long, global = true, env = "GUANXI_LEDGER", default_value = "./ledger", value_name = "DIR")]
    ledger: PathBuf,
    /// Directory of the ledger's keys, outside the ledger [default: <LEDGER>.keys].
    #[arg(long, global = true, env = "GUANXI_KEYS", value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    /// The language of answers to people: en or zh. What concerns files and failures is said in English. JSON is the
    /// same in both.
    #[arg(long, global = true, env = "GUANXI_LANG", value_parser = language, default_value = "en", value_name = "LANG")]
    lang: Language,
    /// Write although the clock is far from the last record: say this only when you know that the clock is right.
    #[arg(long, global = true)]
    accept_clock: bool,
    /// The ledger, where this process serves it already.
    #[arg(skip)]
    served: Option<Arc<Ledger>>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Append(append::Append),
    Import(import::Import),
    Accounts(accounts::Accounts),
    Show(show::Show),
    History(history::History),
    List(list::ListCommand),
    Portfolio(portfolio::Portfolio),
    Alerts(alerts::Alerts),
    Movement(movement::Movement),
    Trend(trend::Trend),
    Explain(explain::Explain),
    Diff(diff::Diff),
    Whatif(whatif::Whatif),
    Review(review::Review),
    KeyAccounts(key_accounts::KeyAccounts),
    Pin(pin::Pin),
    Unpin(pin::Unpin),
    Evaluate(evaluate::Evaluate),
    Experience(experience::Experience),
    Industry(industry::Industry),
    Group(group::Group),
    Export(export::Export),
    Backup(backup::BackupCommand),
    Restore(restore::Restore),
    Verify(verify::Verify),
    Calibrate(calibrate::Calibrate),
    Anchors(anchors::Anchors),
    Backtest(backtest::Backtest),
    Policy(policy::PolicyCommand),
    Rate(rate::Rate),
    Serve(serve::Serve),
    Token(token::TokenCommand),
    Demo(demo::Demo),
    Completions(completions::Completions),
}

fn language(name: &str) -> Result<Language, String> {
    let names = || Language::ALL.map(Language::as_str).join(", ");
    Language::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

/// The coordinates of a question.
#[derive(Debug, Args)]
struct AskedArgs {
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp [default: now].
    #[arg(long, value_name = "TIME")]
    as_of: Option<When>,
    /// As far as it was recorded by this time: a date or a timestamp [default: now].
    #[arg(long, value_name = "TIME")]
    known_at: Option<When>,
    /// Which policy the figures follow: `current`, `then` (in force at --as-of), the number of an adopted one, or
    /// the name of a TOML file.
    #[arg(long, value_name = "POLICY", default_value = "current")]
    policy: String,
}

impl AskedArgs {
    fn asked(&self) -> Result<Asked, Failure> {
        let policy = policy_choice(&self.policy)?;
        Ok(Asked { as_of: self.as_of, known_at: self.known_at, policy })
    }
}

/// Reads how `--policy` names one.
fn policy_choice(name: &str) -> Result<PolicyChoice, Failure> {
    Ok(match name {
        "current" => PolicyChoice::Current,
        "then" => PolicyChoice::Then,
        other => match other.parse() {
            Ok(version) => PolicyChoice::Version(version),
            Err(_) => PolicyChoice::File(Arc::new(policy::read_file(other.as_ref())?.1)),
        },
    })
}

impl Global {
    fn directory(&self) -> Result<Directory, Failure> {
        Ok(Directory::new(&Console::current().place(&self.ledger), self.keys.as_deref())?)
    }

    fn open(&self, access: Access, purpose: &str) -> Result<Opened, Failure> {
        let directory = self.directory()?;
        if let Some(served) = &self.served {
            return Opened::served(served, &directory, access);
        }
        let ledger = Ledger::open(&directory, Arc::new(SystemClock), access, purpose)?;
        for notice in ledger.notices() {
            output::notice(notice);
        }
        Ok(Opened::new(ledger))
    }

    fn open_for_reading(&self) -> Result<Opened, Failure> {
        self.open(Access::Read, "guanxi")
    }

    fn open_for_writing(&self, purpose: &str) -> Result<Opened, Failure> {
        let check = if self.accept_clock { ClockCheck::Overruled } else { ClockCheck::FirstAppend };
        self.open(Access::Write(check), purpose)
    }

    /// The words of the language that people read.
    fn words(&self) -> Words {
        Words::of(self.lang)
    }

    fn output(&self) -> Output {
        if self.json { Output::Json } else { Output::People }
    }
}

/// Who acts when nobody has said who it is.
fn local_actor() -> Result<Actor, Failure> {
    Actor::new("local:unauthenticated").map_err(|error| Failure::user(error.to_string()))
}

impl Command {
    /// Whether it works on a ledger that is there, and so can work on one that another process serves.
    fn can_be_served(&self) -> bool {
        !matches!(
            self,
            Self::Init(_) | Self::Restore(_) | Self::Serve(_) | Self::Demo(_) | Self::Completions(_)
        )
    }

    /// Whether it reads standard input.
    fn reads_input(&self) -> bool {
        matches!(self, Self::Append(append) if append.reads_input())
            || matches!(self, Self::Import(import) if import.reads_input())
            || matches!(self, Self::Whatif(whatif) if whatif.reads_input())
    }

    fn run(&self, global: &Global) -> Result<(), Failure> {
        match self {
            Self::Init(command) => command.run(global),
            Self::Append(command) => command.run(global),
            Self::Import(command) => command.run(global),
            Self::Accounts(command) => command.run(global),
            Self::Show(command) => command.run(global),
            Self::History(command) => command.run(global),
            Self::List(command) => command.run(global),
            Self::Portfolio(command) => command.run(global),
            Self::Alerts(command) => command.run(global),
            Self::Movement(command) => command.run(global),
            Self::Trend(command) => command.run(global),
            Self::Explain(command) => command.run(global),
            Self::Diff(command) => command.run(global),
            Self::Whatif(command) => command.run(global),
            Self::Review(command) => command.run(global),
            Self::KeyAccounts(command) => command.run(global),
            Self::Pin(command) => command.run(global),
            Self::Unpin(command) => command.run(global),
            Self::Evaluate(command) => command.run(global),
            Self::Experience(command) => command.run(global),
            Self::Industry(command) => command.run(global),
            Self::Group(command) => command.run(global),
            Self::Export(command) => command.run(global),
            Self::Backup(command) => command.run(global),
            Self::Restore(command) => command.run(global),
            Self::Verify(command) => command.run(global),
            Self::Calibrate(command) => command.run(global),
            Self::Anchors(command) => command.run(global),
            Self::Backtest(command) => command.run(global),
            Self::Policy(command) => command.run(global),
            Self::Rate(command) => command.run(global),
            Self::Serve(command) => command.run(global),
            Self::Token(command) => command.run(global),
            Self::Demo(command) => command.run(global),
            Self::Completions(command) => command.run(),
        }
    }
}

impl Cli {
    /// Runs the command and gives its exit code.
    fn run(&self) -> Result<u8, Failure> {
        self.command.run(&self.global).map(|()| failure::OK)
    }
}

/// The exit code of some work; a failure is told.
fn exit_code(work: impl FnOnce() -> Result<u8, Failure>) -> u8 {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => failure.report(),
        Err(end) if end.is::<console::Over>() => {
            Failure::user("the server of the ledger has stopped").report()
        }
        Err(_) => failure::BUG,
    }
}

/// Runs the program and gives its exit code.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(output::panic_hook));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let code = exit_code(|| {
        let cli = Cli::parse_from(&arguments);
        match socket::hand_over(&cli, &arguments)? {
            Some(code) => Ok(code),
            None => cli.run(),
        }
    });
    ExitCode::from(code)
}

/// A policy from a file, with its text.
type PolicyFile = (String, Policy);

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
