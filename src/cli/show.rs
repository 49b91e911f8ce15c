mod figures;

use std::fmt::Write as _;

use clap::Args;
use guanxi_projections::account::{AccountView, Anomaly, Oddity, Referent};
use guanxi_projections::id::{AccountId, PersonId};
use guanxi_projections::position::Position;
use guanxi_projections::stage::{Next, StageView, Transition};
use guanxi_projections::time::{Timestamp, Zone};

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::reasons::Speech;
use super::{AskedArgs, Global};
use crate::ledger::{AccountAnswer, Ledger};
use crate::words::{Word, Words, padded};

/// So many events that show an anomaly are named to people; programs have them all.
const POSITIONS_MAX: usize = 3;

/// Show one account, at any point in time.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    #[command(flatten)]
    asked: AskedArgs,
}

pub(super) fn account(text: &str) -> Result<AccountId, String> {
    AccountId::new(text).map_err(|error| format!("the account {error}"))
}

impl Show {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let answer = ledger.account(&self.account, &self.asked.asked()?)?;
        match global.output() {
            Output::Json => output::written(&ledger.to_json(&answer)?),
            Output::People => output::text(&describe(&answer, &ledger, global.words())),
        }
    }
}

/// The account in words.
pub(super) fn describe(answer: &AccountAnswer, ledger: &Ledger, words: Words) -> String {
    let (view, zone) = (&answer.view, ledger.zone());
    let name = view.profile.name.as_ref().map_or_else(|| view.account.to_string(), ToString::to_string);
    let coordinates = &answer.coordinates;
    let title = [
        ("name", name.into()),
        ("account", view.account.as_str().into()),
        ("as_of", zone.local(coordinates.as_of).into()),
        ("known_at", zone.local(coordinates.known_at).into()),
    ];
    let mut page = Page { text: format!("{}\n", words.say("show-title", &title)), words, zone };
    let about = about(view, words);
    if !about.is_empty() {
        page.line("about", &about);
    }
    page.line("owner", &or_dash(answer.owner.as_ref()));
    page.line("last-contact", &or_dash(view.last_contact.map(|at| zone.local(at))));
    page.line("next-evaluation", &or_dash(answer.next_evaluation.map(|at| zone.day_of(at))));
    page.line("events", &view.events.to_string());
    if let Some(stage) = &view.figures.stage {
        page.stage(stage);
    }
    figures::describe(&mut page, view);
    for anomaly in &view.anomalies {
        page.line("anomaly", &odd(anomaly, ledger, words));
    }
    page.line("state-hash", &answer.state_hash);
    page.text
}

fn about(view: &AccountView, words: Words) -> String {
    let profile = &view.profile;
    let facts = [
        ("about-industry", profile.industry.as_ref()),
        ("about-region", profile.region.as_ref()),
        ("about-segment", profile.segment.as_ref()),
        ("about-size", profile.size.as_ref()),
    ];
    let known = facts
        .into_iter()
        .filter_map(|(id, fact)| fact.map(|fact| words.say(id, &[("what", fact.as_str().into())])));
    words.list(known)
}

/// How many columns the word before what a line says has at least.
const LABEL_COLUMNS: usize = 13;

/// Lines with a word before each.
struct Page {
    text: String,
    words: Words,
    zone: Zone,
}

impl Page {
    /// Adds a line; `label` is the id of its word without `label-`.
    fn line(&mut self, label: &str, says: &str) {
        let label = self.words.say(&format!("label-{label}"), &[]);
        self.labelled(&label, says);
    }

    fn labelled(&mut self, label: &str, says: &str) {
        let _ = writeln!(self.text, "  {} {says}", padded(label, LABEL_COLUMNS));
    }

    fn day(&self, at: Timestamp) -> String {
        self.zone.day_of(at).to_string()
    }

    fn stage(&mut self, stage: &StageView) {
        let words = self.words;
        let says = [
            ("stage", words.name("stage", stage.name.as_str()).into()),
            ("day", self.day(stage.since).into()),
            ("cause", Speech::plain(words, self.zone).because(&stage.cause, stage.since).into()),
        ];
        self.line("stage", &words.say("stage-since", &says));
        if !stage.flags.is_empty() {
            let flags = stage.flags.iter().map(|flag| words.name("flag", flag.as_str()));
            self.line("flags", &words.list(flags));
        }
        self.line("next", &self.next(stage.next.as_ref()));
        for transition in &stage.transitions {
            self.line("was", &self.was(transition));
        }
    }

    fn next(&self, next: Option<&Next>) -> String {
        let words = self.words;
        let Some(next) = next else { return words.say("stage-next-none", &[]) };
        let says = [
            ("stage", words.name("stage", next.name.as_str()).into()),
            ("day", self.day(next.at).into()),
            ("cause", words.name("cause", next.cause.as_str()).into()),
        ];
        words.say("stage-next", &says)
    }

    fn was(&self, transition: &Transition) -> String {
        let words = self.words;
        let speech = Speech::plain(words, self.zone);
        let says = [
            ("day", self.day(transition.at).into()),
            ("from", words.name("stage", transition.from.as_str()).into()),
            ("to", words.name("stage", transition.to.as_str()).into()),
            ("cause", speech.because(&transition.cause, transition.at).into()),
        ];
        words.say("stage-was", &says)
    }
}

/// An anomaly in words.
fn odd(anomaly: &Anomaly, ledger: &Ledger, words: Words) -> String {
    let person = |id: &str| {
        PersonId::of_pseudonym(id).map_or_else(|| id.to_owned(), |person| ledger.alias(person).to_string())
    };
    let named = |to: &Referent, id: &str| {
        let id = if let Referent::Person(_) = to { person(id) } else { id.to_owned() };
        vec![("kind", words.name("referent", to.as_str()).into()), ("id", id.into())]
    };
    let (message, mut says): (&str, Vec<(&str, Word)>) = match &anomaly.oddity {
        Oddity::UnknownReference { to, id } => ("odd-unknown-reference", named(to, id)),
        Oddity::NoRate { from, to } => {
            ("odd-no-rate", vec![("from", from.as_str().into()), ("to", to.as_str().into())])
        }
        Oddity::UnknownParent { parent } => ("odd-unknown-parent", vec![("parent", parent.as_str().into())]),
        Oddity::ParentRing { parent } => ("odd-parent-ring", vec![("parent", parent.as_str().into())]),
        Oddity::BeforeOpening { events } => {
            ("odd-before-opening", vec![("events", events.to_string().into())])
        }
        Oddity::AfterMerging { events } => ("odd-after-merging", vec![("events", events.to_string().into())]),
        Oddity::NamesItself => ("odd-names-itself", Vec::new()),
        Oddity::Duplicate { to, id } => ("odd-duplicate", named(to, id)),
        Oddity::WithoutEffect { to, id } => ("odd-without-effect", named(to, id)),
        Oddity::EndsBeforeStart { to, id } => ("odd-ends-before-start", named(to, id)),
        Oddity::MetAfterLeaving { id } => ("odd-met-after-leaving", vec![("id", person(id).into())]),
        Oddity::PaidAboveInvoice { id } => ("odd-paid-above-invoice", vec![("id", id.as_str().into())]),
        Oddity::ReturnedAboveOrder { id } => ("odd-returned-above-order", vec![("id", id.as_str().into())]),
        Oddity::ReturnedAboveOrders { currency } => {
            ("odd-returned-above-orders", vec![("currency", currency.as_str().into())])
        }
    };
    says.push(("where", shown_by(&anomaly.positions, words).into()));
    words.say(message, &says)
}

/// The events that show an anomaly, the first few of many.
fn shown_by(positions: &[Position], words: Words) -> String {
    let first = words.list(positions.iter().take(POSITIONS_MAX).map(ToString::to_string));
    let said = ("positions", first.into());
    match positions.len() {
        0 | 1 => words.say("odd-where", &[said]),
        2..=POSITIONS_MAX => words.say("odd-where-several", &[said]),
        many => {
            let more = Word::Count((many - POSITIONS_MAX) as u64);
            words.say("odd-where-and-more", &[said, ("more", more)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn of_many_events_that_show_an_anomaly_the_first_are_named() {
        let says = |count: u64, language| {
            let positions: Vec<Position> = (1..=count).map(Position).collect();
            shown_by(&positions, Words::of(language))
        };
        let english = [1, 3, 4, 2_000].map(|count| says(count, Language::English));
        let said = [
            "position 1",
            "positions 1, 2, 3",
            "positions 1, 2, 3 and 1 more",
            "positions 1, 2, 3 and 1997 more",
        ];
        assert_eq!(english, said);
        let chinese = [1, 3, 4].map(|count| says(count, Language::Chinese));
        assert_eq!(chinese, ["位置 1", "位置 1、2、3", "位置 1、2、3 及另外 1 处"]);
    }
}
