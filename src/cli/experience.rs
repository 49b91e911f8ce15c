use clap::Args;
use guanxi_projections::epoch::Counts;
use guanxi_projections::id::AccountId;
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::show::account;
use super::{AskedArgs, Global};
use crate::ledger::{ExperienceAnswer, ExperienceLine};

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
        let zone = ledger.zone();
        output::line(&sum_of(&answer, zone))?;
        if answer.terms.is_empty() {
            return Ok(());
        }
        output::line("")?;
        table(&answer)?;
        for line in &answer.terms {
            alike(line)?;
        }
        stated(&answer, zone)
    }
}

fn sum_of(answer: &ExperienceAnswer, zone: Zone) -> String {
    let ExperienceAnswer { account, name, fit, cases: [good, other], counted_until, terms, .. } = answer;
    let name = name.clone().unwrap_or_else(|| account.to_string());
    let until = zone.day_of(*counted_until);
    let basis = format!("{good} good accounts and {other} others up to {until}");
    if terms.is_empty() {
        format!("Too few accounts are known to compare {name} with: {basis}. Its fit is taken as {fit:.2}.")
    } else {
        format!(
            "By what became of {basis}, {name} turns out well with a probability of {:.0} %.",
            100.0 * fit
        )
    }
}

fn table(answer: &ExperienceAnswer) -> Result<(), Failure> {
    let counts = |counts: Option<Counts>| or_dash(counts.map(|[good, other]| format!("{good} : {other}")));
    output::table(
        &["term", "value", "good : other", "stated", "log odds"],
        answer.terms.iter().map(|line| {
            let term = &line.term;
            vec![
                term.name.clone(),
                or_dash(term.value.as_ref()),
                counts(term.cases),
                counts(term.stated),
                format!("{:+.3}", term.log_odds),
            ]
        }),
    )
}

fn alike(line: &ExperienceLine) -> Result<(), Failure> {
    let Some(value) = &line.term.value else { return Ok(()) };
    for (accounts, how) in [(&line.good, "turned out well"), (&line.other, "did not")] {
        if !accounts.is_empty() {
            let named: Vec<String> = accounts.iter().take(NAMED).map(ToString::to_string).collect();
            let more = accounts.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            output::line(&format!("{} {value}, {how}: {}{more}", line.term.name, named.join(", ")))?;
        }
    }
    Ok(())
}

fn stated(answer: &ExperienceAnswer, zone: Zone) -> Result<(), Failure> {
    for statement in &answer.statements {
        output::line(&format!(
            "stated by {} on {}: {} well, {} not, because {} (position {})",
            statement.actor,
            zone.day_of(statement.occurred_at),
            statement.positives,
            statement.negatives,
            statement.reason,
            statement.position,
        ))?;
    }
    Ok(())
}
