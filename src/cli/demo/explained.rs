//! One account explained in words.

use std::fmt::Write as _;

use guanxi_projections::account::AccountView;
use guanxi_projections::health::DimensionView;
use guanxi_projections::id::AccountId;
use guanxi_projections::list::List;
use guanxi_projections::stage::StageView;
use guanxi_projections::time::{Timestamp, Zone};
use serde_json::Value;

use super::super::output::{self, or_dash};
use super::portfolio::in_two_languages;
use super::words::{Words, because, text_of};
use super::{Failure, TODAY, as_of, named};
use crate::ledger::{AccountAnswer, EntryStanding, HistoryEntry, Ledger};

/// How many of the newest events are shown.
const EVENTS: usize = 8;

/// The lines of the lists behind the dimensions.
struct Behind {
    contacts: Vec<Value>,
    commitments: Vec<Value>,
    deliveries: Vec<Value>,
    concessions: Vec<Value>,
    issues: Vec<Value>,
    entries: Vec<HistoryEntry>,
    at: Timestamp,
    zone: Zone,
}

pub(super) fn print(ledger: &Ledger, account: &AccountId, answer: &AccountAnswer) -> Result<(), Failure> {
    let asked = as_of(TODAY)?;
    let lines = |list| ledger.list(account, list, &asked).map(|answer| answer.lines);
    let behind = Behind {
        contacts: lines(List::Contacts)?,
        commitments: lines(List::Commitments)?,
        deliveries: lines(List::Deliveries)?,
        concessions: lines(List::Concessions)?,
        issues: lines(List::Issues)?,
        entries: ledger.history(account, &asked)?.entries,
        at: answer.coordinates.as_of,
        zone: ledger.zone(),
    };
    output::line(&format!("2. ONE OF THEM, EXPLAINED: {} on {TODAY}\n", named(answer, account)))?;
    let mut text = String::new();
    about(&mut text, answer);
    if let Some(stage) = &answer.view.figures.stage {
        describe_stage(&mut text, stage, ledger.zone());
    }
    figures(&mut text, &answer.view, &behind);
    output::line(&text)?;
    people(&behind)?;
    promises(&behind)?;
    lately(&behind)
}

fn line(text: &mut String, word: &str, says: &str) {
    let _ = writeln!(text, "  {word:<13} {says}");
}

fn about(text: &mut String, answer: &AccountAnswer) {
    let profile = &answer.view.profile;
    let facts = [&profile.industry, &profile.region, &profile.size];
    let facts: Vec<_> = facts.into_iter().flatten().map(ToString::to_string).collect();
    let facts = format!("{}; {} answers for it", facts.join(", "), or_dash(answer.owner.as_ref()));
    line(text, "about", &facts);
}

fn describe_stage(text: &mut String, stage: &StageView, zone: Zone) {
    let day = |at| zone.day_of(at).to_string();
    let since = day(stage.since);
    let stage_name = in_two_languages(stage.name);
    line(text, "stage", &format!("{stage_name} since {since}: {}", because(&stage.cause)));
    for transition in stage.transitions.iter().rev().skip(1).take(4) {
        let (to, at) = (transition.to.as_str(), day(transition.at));
        line(text, "  before", &format!("{to} from {at}: {}", because(&transition.cause)));
    }
    let next = stage.next.map_or("nothing by itself".to_owned(), |next| {
        format!("{} on {}, unless something happens", in_two_languages(next.name), day(next.at))
    });
    line(text, "next", &next);
}

fn figures(text: &mut String, view: &AccountView, behind: &Behind) {
    let outlook = view.figures.outlook.as_ref();
    let to_order = outlook.map_or("no order yet".to_owned(), |outlook| {
        format!("{:.0} % to order within {} days", 100.0 * outlook.active_probability, outlook.horizon_days)
    });
    line(text, "outlook", &to_order);
    let health = &view.figures.health;
    let span = format!("{:.0} if all unknown were bad, {:.0} if good", health.low, health.high);
    line(text, "health", &format!("{:.0} of 100, {} ({span})", health.value, health.colour.as_str()));
    let dimensions = &health.dimensions;
    let mut dimension = |name: &str, view: &DimensionView, says: String| {
        line(text, &format!("  {name}"), &format!("{:>3.0}  {says}", view.value));
    };
    dimension("engagement", &dimensions.engagement, behind.engagement());
    dimension("coverage", &dimensions.coverage, behind.coverage());
    dimension("integrity", &dimensions.integrity, behind.integrity());
    dimension("benefit", &dimensions.benefit, behind.benefit());
    dimension("reciprocity", &dimensions.reciprocity, behind.reciprocity(view.exposure));
    dimension("service", &dimensions.service, behind.service());
    let score = &view.figures.score;
    let parts = &score.dimensions;
    let parts = format!(
        "sales {:.0}, potential {:.0}, demonstration {:.0}, winnability {:.0}",
        parts.sales.value, parts.potential.value, parts.demonstration.value, parts.winnability.value
    );
    line(text, "score", &format!("{:.0} of 100: {parts}", score.value));
}

/// How many lines have this word in this field.
fn count(lines: &[Value], field: &str, word: &str) -> usize {
    lines.iter().filter(|line| text_of(line, field) == word).count()
}

fn instant_of(line: &Value, field: &str) -> Option<Timestamp> {
    text_of(line, field).parse().ok()
}

impl Behind {
    fn day(&self, at: Timestamp) -> String {
        self.zone.day_of(at).to_string()
    }

    /// Events of a type that stand and are at most so many days old.
    fn standing(&self, kind: &str, days: f64) -> Vec<&HistoryEntry> {
        let stands = |entry: &&HistoryEntry| {
            !matches!(entry.standing, EntryStanding::Retracted { .. } | EntryStanding::Later)
                && text_of(&entry.event, "type") == kind
                && self.at.days_since(entry.occurred_at) <= days
        };
        self.entries.iter().filter(stands).collect()
    }

    fn engagement(&self) -> String {
        let (met, ordered) = (self.standing("meeting.held", 90.0), self.standing("order.placed", 180.0));
        let last = met.last().map_or("none".to_owned(), |entry| self.day(entry.occurred_at));
        format!(
            "{} meetings and calls in 90 days, the last on {last}; {} orders in 180 days",
            met.len(),
            ordered.len()
        )
    }

    fn coverage(&self) -> String {
        let here: Vec<_> =
            self.contacts.iter().filter(|line| line.get("left_at").is_none_or(Value::is_null)).collect();
        let in_touch = |line: &&&Value| {
            instant_of(line, "last_two_way").is_some_and(|last| self.at.days_since(last) <= 60.0)
        };
        let warm = here.iter().filter(in_touch).count();
        let gone = self.contacts.len() - here.len();
        format!("in touch with {warm} of {} known people within 60 days; {gone} left", here.len())
    }

    fn integrity(&self) -> String {
        let ours: Vec<Value> =
            self.commitments.iter().filter(|line| text_of(line, "by") == "us").cloned().collect();
        let of = |state| count(&ours, "state", state);
        format!(
            "our promises: {} kept, {} kept late, {} broken, {} open, {} overdue",
            of("kept"),
            of("kept_late"),
            of("broken"),
            of("open"),
            of("overdue")
        )
    }

    fn benefit(&self) -> String {
        let of = |outcome| count(&self.deliveries, "outcome", outcome);
        let said =
            self.standing("feedback.given", 730.0).len() + self.standing("benefit.confirmed", 730.0).len();
        format!(
            "{} deliveries accepted, {} with defects, {} rejected; {said} ratings and benefits",
            of("accepted"),
            of("defects"),
            of("rejected")
        )
    }

    fn reciprocity(&self, exposure: f64) -> String {
        let ours = count(&self.concessions, "by", "us");
        let theirs = count(&self.concessions, "by", "customer")
            + self.standing("favour.received", f64::INFINITY).len()
            + self.standing("reference.given", f64::INFINITY).len();
        format!(
            "we gave way {ours} times, they did us {theirs} good turns (exposure {exposure:.1}, alarm above 2)"
        )
    }

    fn service(&self) -> String {
        let resolved = count(&self.issues, "state", "resolved");
        format!("{resolved} of {} issues resolved", self.issues.len())
    }
}

fn people(behind: &Behind) -> Result<(), Failure> {
    output::line("  Whom we know there:")?;
    for line in behind.contacts.iter().filter(|line| line.get("left_at").is_none_or(Value::is_null)) {
        let last = instant_of(line, "last_two_way").map(|last| behind.day(last));
        let (role, name) = (text_of(line, "role"), text_of(line, "said"));
        output::line(&format!("    {role:<12}{name}, last heard {}", or_dash(last)))?;
    }
    output::line("")
}

fn promises(behind: &Behind) -> Result<(), Failure> {
    output::line("  Promises not kept yet:")?;
    let pending = |line: &&Value| matches!(text_of(line, "state"), "open" | "overdue");
    let mut pending: Vec<_> = behind.commitments.iter().filter(pending).collect();
    pending.sort_by_key(|line| instant_of(line, "due"));
    for line in pending {
        let due = instant_of(line, "due").map(|due| behind.day(due)).unwrap_or_default();
        let who = if text_of(line, "by") == "us" { "we" } else { "they" };
        let when = if text_of(line, "state") == "overdue" { "was due" } else { "due" };
        output::line(&format!("    {when:<8}{due}  {who:<5}{}", text_of(line, "said")))?;
    }
    output::line("")
}

fn lately(behind: &Behind) -> Result<(), Failure> {
    output::line("  What happened last:")?;
    let words = Words { promises: &behind.commitments, contacts: &behind.contacts };
    let standing = |entry: &&HistoryEntry| {
        matches!(entry.standing, EntryStanding::Stands | EntryStanding::Corrected { .. })
    };
    let mut newest: Vec<_> = behind.entries.iter().rev().filter(standing).take(EVENTS).collect();
    newest.reverse();
    for entry in newest {
        let (day, kind) = (behind.day(entry.occurred_at), text_of(&entry.event, "type"));
        output::line(&format!("    {day}  {kind:<20}{}", words.says(entry)))?;
    }
    output::line("")
}
