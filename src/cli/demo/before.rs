//! The account a year earlier: as it was seen then, as it is seen today, and what made the difference.

use guanxi_projections::health::HealthView;
use guanxi_projections::id::AccountId;
use guanxi_projections::list::List;
use guanxi_projections::position::Position;
use guanxi_projections::time::{Timestamp, Zone};
use serde::Serialize;
use serde_json::Value;

use super::super::output;
use super::words::Words;
use super::{Failure, YEAR_BEFORE, as_of, named, when};
use crate::ledger::{AccountAnswer, Asked, EntryStanding, HistoryEntry, Ledger};

/// What was seen at two times of the same day.
#[derive(Debug, Serialize)]
pub(super) struct Before {
    /// As known on that day.
    then: Value,
    /// As known today.
    now: Value,
    /// What was learned in between, in the order in which it happened.
    learned: Vec<Learned>,
    #[serde(skip)]
    seen: [Seen; 2],
    #[serde(skip)]
    name: String,
}

/// Something that was recorded only after the day.
#[derive(Debug, Serialize)]
struct Learned {
    position: Position,
    #[serde(rename = "type")]
    kind: String,
    occurred_at: Timestamp,
    how: How,
    recorded_at: Timestamp,
    /// What happened, or why it was corrected or taken back.
    what: String,
}

/// How a day came to be seen otherwise.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Late,
    Corrected,
    Retracted,
}

#[derive(Debug)]
struct Seen {
    answer: AccountAnswer,
    overdue: usize,
}

impl Before {
    pub(super) fn of(ledger: &Ledger, account: &AccountId) -> Result<Self, Failure> {
        let now = as_of(YEAR_BEFORE)?;
        let then = Asked { known_at: Some(when(YEAR_BEFORE)?), ..now.clone() };
        let seen = [Seen::of(ledger, account, &then)?, Seen::of(ledger, account, &now)?];
        let known_at = seen[0].answer.coordinates.known_at;
        let entries = ledger.history(account, &now)?.entries;
        let promises = ledger.list(account, List::Commitments, &now)?.lines;
        let contacts = ledger.list(account, List::Contacts, &now)?.lines;
        let words = Words { promises: &promises, contacts: &contacts };
        Ok(Self {
            then: output::value(&ledger.to_json(&seen[0].answer)?)?,
            now: output::value(&ledger.to_json(&seen[1].answer)?)?,
            learned: learned(&entries, &words, known_at),
            name: named(&seen[1].answer, account).to_owned(),
            seen,
        })
    }

    pub(super) fn print(&self, zone: Zone) -> Result<(), Failure> {
        output::line(&format!("3. ONE STEP BACK IN TIME: {} on {YEAR_BEFORE}\n", self.name))?;
        let [then, now] = [0, 1].map(|column| self.seen[column].cells(zone));
        let rows = then.into_iter().zip(now).map(|((word, then), (_, now))| vec![word, then, now]);
        output::table(&["", "as it was seen then", "as it is seen today"], rows)?;
        output::line("\n  Learned only after that day:")?;
        for learned in &self.learned {
            let (day, recorded) = (zone.day_of(learned.occurred_at), zone.day_of(learned.recorded_at));
            let how = match learned.how {
                How::Late => "recorded",
                How::Corrected => "corrected",
                How::Retracted => "taken back",
            };
            output::line(&format!("    {day}  {:<20}{how} {recorded}", learned.kind))?;
            if !learned.what.is_empty() {
                output::line(&format!("                {}", learned.what))?;
            }
        }
        output::line("")
    }
}

impl Seen {
    fn of(ledger: &Ledger, account: &AccountId, asked: &Asked) -> Result<Self, Failure> {
        let answer = ledger.account(account, asked)?;
        let promises = ledger.list(account, List::Commitments, asked)?.lines;
        let overdue = |line: &&Value| line.get("state").and_then(Value::as_str) == Some("overdue");
        Ok(Self { answer, overdue: promises.iter().filter(overdue).count() })
    }

    fn cells(&self, zone: Zone) -> Vec<(String, String)> {
        let view = &self.answer.view;
        let day = |at| zone.day_of(at).to_string();
        let stage = view.figures.stage.as_ref();
        let outlook = view.figures.outlook.as_ref();
        let mut cells = vec![
            ("events known", view.events.to_string()),
            (
                "stage",
                output::or_dash(
                    stage.map(|stage| format!("{} since {}", stage.name.as_str(), day(stage.since))),
                ),
            ),
            (
                "next",
                output::or_dash(
                    stage
                        .and_then(|stage| stage.next)
                        .map(|next| format!("{} on {}", next.name.as_str(), day(next.at))),
                ),
            ),
            (
                "to order",
                output::or_dash(
                    outlook.map(|outlook| format!("{:.0} %", 100.0 * outlook.active_probability)),
                ),
            ),
        ];
        cells.extend(health(&view.figures.health));
        cells.push(("score", format!("{:.0}", view.figures.score.value)));
        cells.push(("promises overdue", self.overdue.to_string()));
        cells.push(("last contact", output::or_dash(view.last_contact.map(day))));
        cells.into_iter().map(|(word, says)| (word.to_owned(), says)).collect()
    }
}

fn health(health: &HealthView) -> Vec<(&'static str, String)> {
    let dimensions = &health.dimensions;
    let parts = [
        ("  engagement", &dimensions.engagement),
        ("  coverage", &dimensions.coverage),
        ("  integrity", &dimensions.integrity),
        ("  benefit", &dimensions.benefit),
        ("  reciprocity", &dimensions.reciprocity),
        ("  service", &dimensions.service),
    ];
    let whole = ("health", format!("{:.0} {}", health.value, health.colour.as_str()));
    std::iter::once(whole).chain(parts.map(|(name, part)| (name, format!("{:.0}", part.value)))).collect()
}

/// What of a history was recorded after an instant.
fn learned(entries: &[HistoryEntry], words: &Words<'_>, known_at: Timestamp) -> Vec<Learned> {
    let of = |entry| Learned::of(entry, entries, words, known_at);
    let mut learned: Vec<_> = entries.iter().filter_map(of).collect();
    learned.sort_by_key(|learned| (learned.occurred_at, learned.position));
    learned
}

impl Learned {
    fn of(
        entry: &HistoryEntry,
        entries: &[HistoryEntry],
        words: &Words<'_>,
        known_at: Timestamp,
    ) -> Option<Self> {
        let revision = |position: &Position| entries.iter().find(|entry| entry.position == *position);
        let (how, by) = match &entry.standing {
            EntryStanding::Stands => (How::Late, entry),
            EntryStanding::Corrected { corrected_by } => {
                (How::Corrected, corrected_by.last().and_then(revision)?)
            }
            EntryStanding::Retracted { retracted_by } => (How::Retracted, revision(retracted_by)?),
            EntryStanding::Later | EntryStanding::Revision => return None,
        };
        let recorded_at: Timestamp = by.event.get("recordedtime")?.as_str()?.parse().ok()?;
        let reason = by.event.pointer("/data/reason").and_then(Value::as_str);
        (recorded_at > known_at).then(|| Self {
            position: entry.position,
            kind: entry.event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned(),
            occurred_at: entry.occurred_at,
            how,
            recorded_at,
            what: match (how, reason) {
                (How::Corrected | How::Retracted, Some(reason)) => reason.to_owned(),
                _ => words.says(entry),
            },
        })
    }
}
