pub(super) mod words;

use clap::Args;
use guanxi_projections::alerts::{AlertKind, Severity, Why};
use guanxi_projections::id::{AccountId, Alias};

use super::failure::Failure;
use super::filter::alias;
use super::output::{self, Output, or_dash};
use super::reasons::Speech;
use super::show::account;
use super::{AskedArgs, Global, progress};
use crate::ledger::{AlertFilter, AlertRow, Sight};
use words::positions;

/// Say what needs attention, since when and why: the most pressing first, then the oldest.
///
/// Dated alerts (promises, contracts, receivables, changes of stage and of the key list) stand from their date.
/// Alerts on figures that change from day to day are tested at midnight in the ledger's zone: what happens during a
/// day shows in them from the next midnight on.
#[derive(Debug, Args)]
pub(super) struct Alerts {
    #[command(flatten)]
    asked: AskedArgs,
    /// Only about this account; may be given several times.
    #[arg(long, value_parser = account)]
    account: Vec<AccountId>,
    /// Only about accounts that this person answers for.
    #[arg(long, value_name = "ALIAS", value_parser = alias)]
    owner: Option<Alias>,
    /// Only about key accounts.
    #[arg(long)]
    key: bool,
    /// Only those at least this pressing: low, medium or high.
    #[arg(long, value_parser = severity)]
    severity: Option<Severity>,
    /// Only of this kind, such as `promise_overdue`; may be given several times.
    #[arg(long, value_parser = kind)]
    kind: Vec<AlertKind>,
    /// At most so many.
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

fn severity(name: &str) -> Result<Severity, String> {
    let names = || Severity::ALL.map(Severity::as_str).join(", ");
    let wanted = |severity: &Severity| severity.as_str() == name;
    Severity::ALL.into_iter().find(wanted).ok_or_else(|| format!("one of {}", names()))
}

fn kind(name: &str) -> Result<AlertKind, String> {
    let names = || AlertKind::ALL.map(AlertKind::as_str).join(", ");
    AlertKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

impl Alerts {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let filter = AlertFilter {
            within: Sight::All,
            accounts: self.account.clone(),
            owner: self.owner.clone(),
            severity: self.severity,
            kinds: self.kind.clone(),
            key: self.key,
            limit: self.limit,
        };
        let bar = progress::of_things(0);
        let answer = ledger.alerts(&self.asked.asked()?, &filter, |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        })?;
        bar.finish_and_clear();
        if global.output() == Output::Json {
            return output::written(&ledger.to_json(&answer)?);
        }
        let speech = Speech::plain(global.words(), ledger.zone());
        let (folded, told): (Vec<_>, Vec<_>) = answer.alerts.iter().partition(|row| self.folds(row));
        if !told.is_empty() {
            let said = ledger.promises_in_words(&told, &answer.coordinates)?;
            table(&told, Speech { said: Some(&said), ..speech })?;
            output::line("")?;
        }
        if !folded.is_empty() {
            output::line(&self::folded(&folded, speech))?;
        }
        let as_of = ("as_of", speech.moment(answer.coordinates.as_of));
        if answer.alerts.is_empty() {
            return output::line(&speech.words.say("alert-none", &[as_of]));
        }
        let count = ("count", (answer.alerts.len() as u64).into());
        output::line(&speech.words.say("alert-count", &[as_of, count]))
    }

    /// Whether an alert is only counted: most accounts of a ledger are never evaluated, and a line for each would
    /// bury what matters. Who asks for accounts or kinds is told each.
    fn folds(&self, row: &AlertRow) -> bool {
        self.account.is_empty()
            && self.kind.is_empty()
            && !row.key_account
            && row.alert.why.kind() == AlertKind::EvaluationOverdue
    }
}

/// The overdue evaluations in one sentence.
fn folded(rows: &[&AlertRow], speech: Speech<'_>) -> String {
    let never = rows.iter().filter(|row| matches!(row.alert.why, Why::EvaluationOverdue { last: None, .. }));
    let never = never.count() as u64;
    let folded = speech.words.say("alert-folded", &[("count", (rows.len() as u64).into())]);
    speech.words.say("alert-folded-never", &[("folded", folded.into()), ("never", never.into())])
}

fn table(rows: &[&AlertRow], speech: Speech<'_>) -> Result<(), Failure> {
    let words = speech.words;
    let columns = ["severity", "since", "owner", "what", "events"];
    let header = columns.map(|column| words.name("alert-column", column));
    output::table(
        &header.each_ref().map(String::as_str),
        rows.iter().map(|row| {
            let alert = &row.alert;
            let day = speech.zone.day_of(alert.since).to_string();
            let since = if alert.since_or_earlier {
                words.say("alert-or-earlier", &[("day", day.into())])
            } else {
                day
            };
            vec![
                words.name("severity", alert.severity.as_str()),
                since,
                or_dash(row.owner.as_ref()),
                speech.sentence(row),
                positions(&alert.events),
            ]
        }),
    )
}
