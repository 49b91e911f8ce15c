mod sentences;

use std::path::Path;

use clap::{Args, Subcommand};
use guanxi_projections::coordinates::PolicyName;
use guanxi_projections::policy::{DEFAULT_TOML, Difference, Outline, Policy};
use guanxi_projections::text::Label;
use guanxi_projections::time::When;
use serde::Serialize;
use serde_json::json;

use super::failure::Failure;
use super::output::{self, Output};
use super::{AskedArgs, Global, PolicyFile, console, local_actor, policy_choice, progress};
use crate::ledger::{Asked, Ledger, NamedPolicy, PolicyChoice};

/// Look at the policy, compare policies, and adopt another: every weight, half-life and threshold.
///
/// A policy is a recorded fact. An adopted one moves the figures of whoever asks under `current`, the default; under
/// `then` a past date shows what it showed then.
#[derive(Debug, Args)]
pub(super) struct PolicyCommand {
    #[command(subcommand)]
    command: PolicySubcommand,
}

#[derive(Debug, Subcommand)]
enum PolicySubcommand {
    /// Print the policy that holds at the coordinates, as it was adopted (or its values as JSON).
    Show {
        #[command(flatten)]
        asked: AskedArgs,
    },
    /// List the adopted policies: when, by whom and why.
    List {
        /// As far as it was recorded by this time: a date or a timestamp [default: now].
        #[arg(long, value_name = "TIME")]
        known_at: Option<When>,
    },
    /// Compare two policies field by field. Each is `current`, `then`, the number of an adopted one, or a TOML file.
    Diff {
        /// The first.
        old: String,
        /// The second.
        new: String,
        /// `then` is the one in force at this time [default: now].
        #[arg(long, value_name = "TIME")]
        as_of: Option<When>,
        /// As far as it was recorded by this time [default: now].
        #[arg(long, value_name = "TIME")]
        known_at: Option<When>,
    },
    /// Adopt a policy from now on. It takes the next number, whatever number its file says.
    Adopt {
        /// The policy: a TOML file, whole.
        file: String,
        /// Why.
        #[arg(long, value_parser = reason, required_unless_present = "dry_run")]
        reason: Option<Label>,
        /// Only tell what it would change; nothing is written.
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) fn reason(text: &str) -> Result<Label, String> {
    Label::new(text).map_err(|error| format!("the reason {error}"))
}

impl PolicyCommand {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        match &self.command {
            PolicySubcommand::Show { asked } => show(global, asked),
            PolicySubcommand::List { known_at } => list(global, *known_at),
            PolicySubcommand::Diff { old, new, as_of, known_at } => {
                diff(global, [old, new], (*as_of, *known_at))
            }
            PolicySubcommand::Adopt { file, reason: Some(reason), dry_run: false } => {
                adopt(global, file, reason)
            }
            PolicySubcommand::Adopt { file, .. } => preview(global, file),
        }
    }
}

fn show(global: &Global, asked: &AskedArgs) -> Result<(), Failure> {
    let ledger = global.open_for_reading()?;
    let named = named(&ledger, &asked.policy, (asked.as_of, asked.known_at))?;
    match global.output() {
        Output::Json => output::json(&named.policy),
        Output::People => output::text(&named.text),
    }
}

fn list(global: &Global, known_at: Option<When>) -> Result<(), Failure> {
    let ledger = global.open_for_reading()?;
    let answer = ledger.policies(known_at)?;
    match global.output() {
        Output::Json => output::json(&answer),
        Output::People => sentences::list(&answer, global.words(), ledger.zone()),
    }
}

/// The policy of that name at (T, K), with its text.
fn named(
    ledger: &Ledger,
    name: &str,
    (as_of, known_at): (Option<When>, Option<When>),
) -> Result<NamedPolicy, Failure> {
    match policy_choice(name)? {
        PolicyChoice::File(_) => {
            let (text, policy) = read_file(name.as_ref())?;
            Ok(NamedPolicy { name: PolicyName::File, text, policy })
        }
        policy @ (PolicyChoice::Current | PolicyChoice::Then | PolicyChoice::Version(_)) => {
            Ok(ledger.named_policy(&Asked { as_of, known_at, policy })?)
        }
    }
}

/// A difference with what the second policy's text says of the field, or the program's own.
#[derive(Debug, Serialize)]
struct Commented {
    #[serde(flatten)]
    difference: Difference,
    comment: Option<String>,
}

fn commented(differences: Vec<Difference>, text: &str) -> Vec<Commented> {
    let outlines = [Outline::of(text), Outline::of(DEFAULT_TOML)];
    let comment = |field: &str| outlines.iter().find_map(|outline| outline.comment(field)).map(str::to_owned);
    differences
        .into_iter()
        .map(|difference| Commented { comment: comment(&difference.field), difference })
        .collect()
}

fn diff(global: &Global, names: [&String; 2], at: (Option<When>, Option<When>)) -> Result<(), Failure> {
    let ledger = global.open_for_reading()?;
    let [old, new] = [named(&ledger, names[0], at)?, named(&ledger, names[1], at)?];
    let differences = differences(&old.policy, &new)?;
    if global.output() == Output::Json {
        return output::json(&json!({ "old": old.name, "new": new.name, "differences": differences }));
    }
    sentences::differences(&differences, global.words())?;
    output::line(&sentences::how_many(&differences, names, global.words()))
}

fn differences(old: &Policy, new: &NamedPolicy) -> Result<Vec<Commented>, Failure> {
    let differences = old.differences(&new.policy).map_err(|error| Failure::user(error.to_string()))?;
    Ok(commented(differences, &new.text))
}

fn preview(global: &Global, file: &str) -> Result<(), Failure> {
    let (text, policy) = read_file(file.as_ref())?;
    let ledger = global.open_for_reading()?;
    let bar = progress::of_things(0);
    let effect = ledger.preview_policy(&policy, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if global.output() == Output::Json {
        return output::json(&effect);
    }
    sentences::differences(&commented(effect.differences.clone(), &text), global.words())?;
    sentences::effect(&effect, global.words())
}

fn adopt(global: &Global, file: &str, reason: &Label) -> Result<(), Failure> {
    let (text, policy) = read_file(file.as_ref())?;
    let ledger = global.open_for_writing("guanxi policy adopt")?;
    let adopted = ledger.adopt(&local_actor()?, (&text, &policy), reason.clone())?;
    if global.output() == Output::Json {
        return output::json(&adopted);
    }
    sentences::differences(&commented(adopted.differences.clone(), &text), global.words())?;
    output::line(&sentences::adopted(&adopted, global.words()))
}

/// Reads a policy from a file.
pub(super) fn read_file(path: &Path) -> Result<PolicyFile, Failure> {
    let name = path.display();
    let text = console::open(path)
        .and_then(std::io::read_to_string)
        .map_err(|error| Failure::user(format!("could not read the policy {name}: {error}")))?;
    match Policy::from_toml(&text) {
        Ok(policy) => Ok((text, policy)),
        Err(error) => {
            let line = error.line(&text).map(|line| format!(":{line}")).unwrap_or_default();
            Err(Failure::user(format!("{name}{line}: {error}")))
        }
    }
}
