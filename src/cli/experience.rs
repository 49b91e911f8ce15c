use clap::Args;
use guanxi_projections::epoch::Counts;
use guanxi_projections::id::AccountId;
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::show::account;
use super::{AskedArgs, Global};
use crate::ledger::{ExperienceAnswer, ExperienceLine};
use crate::words::Words;

/// So many accounts are named behind a term.
const NAMED: usize = 8;

/// Say what experience expects of an account: how others with its traits have turned out, term by term.
///
/// Good accounts entered a review's list or gave us a bid; the others decided against one, ordered, or were closed. The
/// account itself is left out.
#[derive(Debug, Args)]
pub(super) struct Experience {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Experience {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let answer = ledger.experience(&self.account, &self.asked.asked()?)?;
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        let telling = Telling { words: global.words(), zone: ledger.zone() };
        output::line(&telling.sum_of(&answer))?;
        if answer.terms.is_empty() {
            return Ok(());
        }
        output::line("")?;
        telling.table(&answer)?;
        for line in &answer.terms {
            telling.alike(line)?;
        }
        telling.stated(&answer)
    }
}

/// What experience is told with.
#[derive(Clone, Copy)]
struct Telling {
    words: Words,
    zone: Zone,
}

impl Telling {
    fn sum_of(self, answer: &ExperienceAnswer) -> String {
        let ExperienceAnswer { account, name, fit, cases: [good, other], counted_until, terms, .. } = answer;
        let basis = [
            ("good", good.to_string().into()),
            ("other", other.to_string().into()),
            ("day", self.zone.day_of(*counted_until).to_string().into()),
        ];
        let says = [
            ("name", name.clone().unwrap_or_else(|| account.to_string()).into()),
            ("basis", self.words.say("experience-basis", &basis).into()),
            ("fit", format!("{fit:.2}").into()),
            ("percent", format!("{:.0}", 100.0 * fit).into()),
        ];
        self.words.say(if terms.is_empty() { "experience-too-few" } else { "experience-fit" }, &says)
    }

    fn table(self, answer: &ExperienceAnswer) -> Result<(), Failure> {
        let counts =
            |counts: Option<Counts>| or_dash(counts.map(|[good, other]| format!("{good} : {other}")));
        output::columns(
            self.words,
            &["term", "value", "good-other", "stated", "log-odds"],
            answer.terms.iter().map(|line| {
                let term = &line.term;
                vec![
                    self.term(&term.name),
                    or_dash(term.value.as_ref()),
                    counts(term.cases),
                    counts(term.stated),
                    format!("{:+.3}", term.log_odds),
                ]
            }),
        )
    }

    /// A term by its name; those that every account has are the field's words.
    fn term(self, name: &str) -> String {
        self.words.name_if_known("term", name)
    }

    fn alike(self, line: &ExperienceLine) -> Result<(), Failure> {
        let Some(value) = &line.term.value else { return Ok(()) };
        for (id, accounts) in [("experience-good", &line.good), ("experience-other", &line.other)] {
            if !accounts.is_empty() {
                let says = [
                    ("term", self.term(&line.term.name).into()),
                    ("value", value.as_str().into()),
                    ("accounts", self.named(accounts).into()),
                ];
                output::line(&self.words.say(id, &says))?;
            }
        }
        Ok(())
    }

    fn named(self, accounts: &[AccountId]) -> String {
        let named = self.words.list(accounts.iter().take(NAMED).map(ToString::to_string));
        match accounts.len().saturating_sub(NAMED) {
            0 => named,
            more => {
                let says = [("accounts", named.into()), ("count", more.to_string().into())];
                self.words.say("experience-more", &says)
            }
        }
    }

    fn stated(self, answer: &ExperienceAnswer) -> Result<(), Failure> {
        for statement in &answer.statements {
            let says = [
                ("actor", statement.actor.to_string().into()),
                ("day", self.zone.day_of(statement.occurred_at).to_string().into()),
                ("good", statement.positives.to_string().into()),
                ("other", statement.negatives.to_string().into()),
                ("reason", statement.reason.to_string().into()),
                ("position", statement.position.to_string().into()),
            ];
            output::line(&self.words.say("experience-stated", &says))?;
        }
        Ok(())
    }
}
