//! The portfolio in words and tables.

mod risk;

use guanxi_projections::id::{AccountId, PersonId};
use guanxi_projections::portfolio::{EffortLine, GroupTotal, LoadLine, PortfolioView, RankLine};
use guanxi_projections::text::Label;

use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use super::super::reasons::Speech;
use crate::ledger::PortfolioAnswer;

/// For whom it is written.
pub(super) struct Reader<'a> {
    pub(super) speech: Speech<'a>,
    pub(super) limit: usize,
    pub(super) alias: &'a dyn Fn(PersonId) -> String,
}

pub(super) fn print(answer: &PortfolioAnswer, reader: &Reader<'_>) -> Result<(), Failure> {
    let (view, words) = (&answer.view, reader.speech.words);
    let says = [
        ("accounts", view.accounts.to_string().into()),
        ("as_of", reader.speech.zone.local(answer.coordinates.as_of).into()),
        ("eligible", view.eligible.to_string().into()),
        ("key", view.key_accounts.to_string().into()),
    ];
    output::line(&words.say("portfolio-count", &says))?;
    if let Some(means) = &view.means {
        let figure = |figure: f64| format!("{figure:.1}").into();
        let says = [
            ("health", figure(means.health_mean)),
            ("health_median", figure(means.health_median)),
            ("score", figure(means.score_mean)),
            ("score_median", figure(means.score_median)),
        ];
        output::line(&words.say("portfolio-means", &says))?;
    }
    reader.shape(view)?;
    reader.ranking(&view.ranking)?;
    risk::print(&view.at_risk, reader)?;
    reader.load(&view.load)?;
    reader.effort(&view.effort)?;
    reader.groups(&view.groups)?;
    reader.unowned(view)
}

fn share(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// What people call an account.
fn called(name: Option<&Label>, account: &AccountId) -> String {
    name.map_or_else(|| account.to_string(), ToString::to_string)
}

impl Reader<'_> {
    fn heading(&self, id: &str) -> Result<(), Failure> {
        output::line(&format!("\n{}", self.speech.words.say(id, &[])))
    }

    fn table(&self, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), Failure> {
        output::columns(self.speech.words, columns, rows)
    }

    fn shape(&self, view: &PortfolioView) -> Result<(), Failure> {
        let words = self.speech.words;
        self.heading("portfolio-stages")?;
        self.table(
            &["stage", "accounts", "share", "key-accounts", "yearly-orders"],
            view.funnel.iter().map(|line| {
                vec![
                    words.name("stage", line.stage.as_str()),
                    line.accounts.to_string(),
                    share(line.share),
                    line.key_accounts.to_string(),
                    format!("{:.0}", line.money),
                ]
            }),
        )?;
        let colours = words.list(view.colours.iter().map(|count| {
            let colour = words.name("colour", count.colour.as_str());
            let says = [("count", count.accounts.to_string().into()), ("colour", colour.into())];
            words.say("portfolio-colour", &says)
        }));
        output::line(&words.say("portfolio-colours", &[("colours", colours.into())]))?;
        self.heading("portfolio-matrix")?;
        self.table(
            &["quadrant", "accounts", "share", "yearly-orders", "hours", "cost-of-effort"],
            view.matrix.iter().map(|line| {
                vec![
                    words.name("quadrant", line.quadrant.as_str()),
                    line.accounts.to_string(),
                    share(line.share),
                    format!("{:.0}", line.money),
                    format!("{:.0}", line.hours),
                    format!("{:.0}", line.cost),
                ]
            }),
        )
    }

    fn ranking(&self, lines: &[RankLine]) -> Result<(), Failure> {
        let words = self.speech.words;
        self.heading("portfolio-ranking")?;
        let columns = [
            "rank",
            "percentile",
            "account",
            "score",
            "health",
            "stage",
            "quadrant",
            "owner",
            "evaluation-due",
        ];
        self.table(
            &columns,
            lines.iter().take(self.limit).map(|line| {
                let key = if line.key_account { "*" } else { "" };
                vec![
                    format!("{}{key}", line.place.rank),
                    format!("{:.1}", line.place.percentile),
                    called(line.name.as_ref(), &line.account),
                    format!("{:.1}", line.score),
                    format!("{:.1} {}", line.health, words.name("colour", line.colour.as_str())),
                    or_dash(line.stage.map(|stage| words.name("stage", stage.as_str()))),
                    words.name("quadrant", line.quadrant.as_str()),
                    or_dash(line.owner.map(self.alias)),
                    or_dash(line.next_evaluation.map(|at| self.speech.zone.day_of(at))),
                ]
            }),
        )
    }

    fn load(&self, lines: &[LoadLine]) -> Result<(), Failure> {
        let words = self.speech.words;
        self.heading("portfolio-load")?;
        let columns =
            ["person", "answers-for", "key-accounts", "promises", "overdue", "contacts", "share", "roles"];
        self.table(
            &columns,
            lines.iter().take(self.limit).map(|line| {
                let roles = words.list(line.roles.iter().map(|count| {
                    let role = words.name("value", count.role.as_str());
                    let says = [("count", count.accounts.to_string().into()), ("role", role.into())];
                    words.say("portfolio-role", &says)
                }));
                vec![
                    (self.alias)(line.person),
                    line.owned.to_string(),
                    line.key_accounts.to_string(),
                    line.promises_open.to_string(),
                    line.promises_overdue.to_string(),
                    format!("{:.1}", line.contacts),
                    share(line.share),
                    roles,
                ]
            }),
        )
    }

    fn effort(&self, lines: &[EffortLine]) -> Result<(), Failure> {
        self.heading("portfolio-effort")?;
        let columns = [
            "account",
            "importance",
            "effort",
            "ratio",
            "hours",
            "cost",
            "concessions",
            "ordered",
            "exposure",
        ];
        let part = |part: Option<f64>| or_dash(part.map(|part| format!("{:.1} %", 100.0 * part)));
        self.table(
            &columns,
            lines.iter().take(self.limit).map(|line| {
                vec![
                    called(line.name.as_ref(), &line.account),
                    part(line.importance_share),
                    part(line.effort_share),
                    or_dash(line.effort_ratio.map(|ratio| format!("{ratio:.2}"))),
                    format!("{:.0}", line.hours),
                    format!("{:.0}", line.effort_cost),
                    format!("{:.0}", line.concession_cost),
                    format!("{:.0}", line.ordered),
                    format!("{:.2}", line.exposure),
                ]
            }),
        )
    }

    fn groups(&self, lines: &[GroupTotal]) -> Result<(), Failure> {
        if lines.is_empty() {
            return Ok(());
        }
        self.heading("portfolio-groups")?;
        self.table(
            &["head", "accounts", "orders", "ordered", "sales-a-year", "hours", "cost"],
            lines.iter().take(self.limit).map(|line| {
                let total = &line.total;
                vec![
                    called(line.name.as_ref(), &line.head),
                    line.accounts.len().to_string(),
                    total.orders.to_string(),
                    format!("{:.0}", total.ordered),
                    format!("{:.0}", total.annual_sales),
                    format!("{:.0}", total.effort_hours),
                    format!("{:.0}", total.effort_cost),
                ]
            }),
        )
    }

    fn unowned(&self, view: &PortfolioView) -> Result<(), Failure> {
        let count = view.unowned.len();
        if count == 0 {
            return self.heading("portfolio-owned");
        }
        let words = self.speech.words;
        let accounts = words.list(view.unowned.iter().take(self.limit).map(ToString::to_string));
        let says = [("count", count.to_string().into()), ("accounts", accounts.into())];
        let id = if count > self.limit { "portfolio-unowned-more" } else { "portfolio-unowned" };
        output::line(&format!("\n{}", words.say(id, &says)))
    }
}
