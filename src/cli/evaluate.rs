use clap::Args;
use guanxi_projections::id::{AccountId, Alias};
use guanxi_projections::text::{FreeText, Label};
use guanxi_projections::time::When;

use super::failure::Failure;
use super::output::{self, Output};
use super::show::account;
use super::{Global, local_actor};
use crate::ledger::{AdjustmentAsked, Evaluated, Evaluation};
use crate::words::Words;

/// Record that an account was evaluated: what was found, and what is to change.
///
/// To evaluate is to adjust: each `--adjust` has an owner and a due date, given in the same order. What earlier
/// evaluations decided goes on until an evaluation says that it is done (`guanxi list adjustments ACCOUNT`).
#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// What was found.
    #[arg(long, value_name = "TEXT", value_parser = findings)]
    finding: FreeText,
    /// What is to change; may be given several times. The text of a standing adjustment puts that one off.
    #[arg(long, value_name = "TEXT", value_parser = text, requires_all = ["owner", "due"])]
    adjust: Vec<Label>,
    /// Who does it: once for each `--adjust`.
    #[arg(long, value_name = "ALIAS", value_parser = alias, requires = "adjust")]
    owner: Vec<Alias>,
    /// By when: once for each `--adjust`.
    #[arg(long, value_name = "TIME", requires = "adjust")]
    due: Vec<When>,
    /// Text of a standing adjustment that is done, or no longer wanted; may be given several times.
    #[arg(long, value_name = "TEXT", value_parser = text)]
    done: Vec<Label>,
    /// When: a date or a timestamp [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<When>,
}

fn findings(text: &str) -> Result<FreeText, String> {
    FreeText::new(text).map_err(|error| format!("the finding {error}"))
}

fn text(text: &str) -> Result<Label, String> {
    Label::new(text).map_err(|error| format!("the adjustment {error}"))
}

fn alias(text: &str) -> Result<Alias, String> {
    Alias::new(text).map_err(|error| format!("the owner {error}"))
}

impl Evaluate {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let evaluation = Evaluation {
            account: self.account.clone(),
            at: self.at,
            findings: self.finding.clone(),
            adjust: self.adjustments()?,
            done: self.done.clone(),
        };
        let ledger = global.open_for_writing("guanxi evaluate")?;
        let evaluated = ledger.evaluate(&local_actor()?, evaluation)?;
        match global.output() {
            Output::Json => output::json(&evaluated),
            Output::People => output::text(&self.said(&evaluated, global.words())),
        }
    }

    fn adjustments(&self) -> Result<Vec<AdjustmentAsked>, Failure> {
        let (adjust, owner, due) = (&self.adjust, &self.owner, &self.due);
        if (adjust.len(), adjust.len()) != (owner.len(), due.len()) {
            let message = format!(
                "{} adjustments have {} owners and {} due dates",
                adjust.len(),
                owner.len(),
                due.len()
            );
            return Err(Failure::user(message).hint("give --owner and --due once for each --adjust"));
        }
        let one = |((text, owner), due): ((&Label, &Alias), &When)| AdjustmentAsked {
            text: text.clone(),
            owner: owner.clone(),
            due: *due,
        };
        Ok(adjust.iter().zip(owner).zip(due).map(one).collect())
    }

    fn said(&self, evaluated: &Evaluated, words: Words) -> String {
        let position = evaluated.accepted.position.to_string();
        let says = [("account", self.account.as_str().into()), ("position", position.into())];
        let mut lines = vec![words.say("evaluated", &says)];
        for done in &evaluated.closed {
            lines.push(words.say("evaluated-done", &[("adjustment", done.to_string().into())]));
        }
        for AdjustmentAsked { text, owner, due } in &evaluated.standing {
            let says = [
                ("owner", owner.to_string().into()),
                ("adjustment", text.to_string().into()),
                ("due", due.to_string().into()),
            ];
            lines.push(words.say("evaluated-to-do", &says));
        }
        if evaluated.standing.is_empty() {
            lines.push(words.say("evaluated-nothing", &[]));
        }
        lines.join("\n") + "\n"
    }
}
