use clap::Args;
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::{Day, Timestamp, Zone};
use guanxi_projections::trend::Every;
use serde_json::Value;

use super::failure::Failure;
use super::output::{self, Output};
use super::show::account;
use super::{Global, policy_choice, progress};
use crate::ledger::{Asked, Ledger, PortfolioPoint, Seen, Sight, TrendAnswer, TrendAsked};
use crate::words::Words;

/// How many months a trend goes back unless told.
const MONTHS: u32 = 12;

/// Follow an account's figures over time, or those of the whole portfolio.
#[derive(Debug, Args)]
pub(super) struct Trend {
    /// The account.
    #[arg(value_parser = account, required_unless_present = "portfolio")]
    account: Option<AccountId>,
    /// All accounts instead: counts by stage, colour and quadrant, means, and the means of what is measured.
    #[arg(long, conflicts_with = "account")]
    portfolio: bool,
    /// The first day [default: a year before --to].
    #[arg(long, value_name = "DATE")]
    from: Option<Day>,
    /// The last day [default: today].
    #[arg(long, value_name = "DATE")]
    to: Option<Day>,
    /// How far the points lie apart: day, week or month.
    #[arg(long, value_parser = every, default_value = "month")]
    every: Every,
    /// What to read, such as health, score, outlook or a dimension; may be given several times.
    #[arg(long, value_parser = measure, default_values = ["health", "score", "outlook"])]
    measure: Vec<Measure>,
    /// Read each point as it was known at its own time, rather than as known now.
    #[arg(long)]
    as_seen_then: bool,
    /// As far as it was recorded by this time: a date or a timestamp [default: now].
    #[arg(long, value_name = "TIME")]
    known_at: Option<guanxi_projections::time::When>,
    /// Which policy the figures follow; see `show`.
    #[arg(long, value_name = "POLICY", default_value = "current")]
    policy: String,
}

fn every(name: &str) -> Result<Every, String> {
    let names = || Every::ALL.map(Every::as_str).join(", ");
    Every::ALL.into_iter().find(|every| every.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

pub(super) fn measure(name: &str) -> Result<Measure, String> {
    let names = || Measure::ALL.map(Measure::as_str).join(", ");
    let wanted = |measure: &Measure| measure.as_str() == name;
    Measure::ALL.into_iter().find(wanted).ok_or_else(|| format!("one of {}", names()))
}

impl Trend {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let zone = ledger.zone();
        let to = self.to.unwrap_or_else(|| zone.day_of(ledger.now()));
        let year_before = || to.date().checked_sub_months(chrono::Months::new(MONTHS)).map_or(to, Day::new);
        let trend = TrendAsked {
            from: self.from.unwrap_or_else(year_before),
            to,
            every: self.every,
            measures: self.measure.clone(),
            seen: if self.as_seen_then { Seen::Then } else { Seen::Now },
        };
        if trend.from > trend.to {
            let says = format!("--from {} comes after --to {}", trend.from, trend.to);
            return Err(Failure::user(says));
        }
        let policy = policy_choice(&self.policy)?;
        let asked = Asked { as_of: None, known_at: self.known_at, policy };
        let Some(account) = &self.account else { return whole(&ledger, &trend, &asked, global) };
        let bar = progress::of_things(0);
        let answer = ledger.trend(account, &trend, &asked, |done, total| bar.hear(done, total))?;
        bar.finish_and_clear();
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => print(&answer, &self.measure, global.words(), zone),
        }
    }
}

/// The trend of the whole portfolio.
fn whole(ledger: &Ledger, trend: &TrendAsked, asked: &Asked, global: &Global) -> Result<(), Failure> {
    let bar = progress::of_things(0);
    let answer = ledger.portfolio_trend(trend, &Sight::All, asked, |done, total| bar.hear(done, total))?;
    bar.finish_and_clear();
    if global.output() == Output::Json {
        return output::json(&answer);
    }
    let words = global.words();
    let stages = Stage::ALL.map(|stage| words.name("stage", stage.as_str()));
    let colours = ["red", "amber", "green", "grey"].map(|colour| words.name("colour", colour));
    let counts = words.columns(&["as-of", "accounts", "key"]);
    let header: Vec<String> = counts.into_iter().chain(stages).chain(colours).collect();
    let header = with_measures(header, &trend.measures, words);
    let rows = answer.points.iter().map(|point| {
        let PortfolioPoint { coordinates, point, .. } = point;
        let mut row = vec![ledger.zone().day_of(coordinates.as_of).to_string()];
        row.extend([point.accounts, point.key_accounts].map(|count| count.to_string()));
        row.extend(point.stages.map(|count| count.to_string()));
        let [grey, red, amber, green] = point.colours;
        row.extend([red, amber, green, grey].map(|count| count.to_string()));
        row.extend(point.measures.iter().map(|mean| output::or_dash(mean.map(|mean| format!("{mean:.2}")))));
        row
    });
    table(&header, rows)
}

fn with_measures(mut header: Vec<String>, measures: &[Measure], words: Words) -> Vec<String> {
    header.extend(measures.iter().map(|measure| words.name("measure", measure.as_str())));
    header
}

fn table(header: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Result<(), Failure> {
    output::table(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}

fn print(answer: &TrendAnswer, measures: &[Measure], words: Words, zone: Zone) -> Result<(), Failure> {
    let header = with_measures(words.columns(&["as-of", "stage"]), measures, words);
    let day = |at: Timestamp| zone.day_of(at).to_string();
    table(
        &header,
        answer.points.iter().map(|point| {
            let figure =
                |measure: &Measure| match point.measures.get(measure.as_str()).and_then(Value::as_f64) {
                    Some(figure) => format!("{figure:.2}"),
                    None => "-".to_owned(),
                };
            let stage = point.stage.map(|stage| words.name("stage", stage.as_str()));
            let mut row = vec![day(point.coordinates.as_of), output::or_dash(stage)];
            row.extend(measures.iter().map(figure));
            row
        }),
    )
}
