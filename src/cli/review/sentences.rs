//! A review in words.

use std::fmt::Display;

use guanxi_projections::event::own::ListRule;
use guanxi_projections::key_list::Pin;
use guanxi_projections::time::Zone;

use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use super::super::reasons::Speech;
use crate::ledger::{Glance, OverdueAdjustment, ReviewAnswer};
use crate::words::{Word, Words};

/// What a review is told with.
#[derive(Clone, Copy)]
pub(super) struct Telling {
    pub(super) zone: Zone,
    pub(super) words: Words,
}

/// Anything that is written out, as a word of a sentence.
pub(in crate::cli) fn word(said: impl Display) -> Word {
    said.to_string().into()
}

/// What people call an account, and its id.
pub(in crate::cli) fn called(name: Option<&String>, account: &impl Display) -> String {
    name.map_or_else(|| account.to_string(), |name| format!("{name} ({account})"))
}

impl Telling {
    fn speech(self) -> Speech<'static> {
        Speech::plain(self.words, self.zone)
    }

    pub(super) fn review(self, answer: &ReviewAnswer) -> Result<(), Failure> {
        output::line(&format!("{}\n", self.heading(answer)))?;
        self.members(answer)?;
        let mut moves = Vec::new();
        for line in answer.members.iter().filter(|line| line.enters) {
            let because = self.because(line.rule, line.now.rank, line.pin.as_ref());
            let name = called(line.name.as_ref(), &line.account);
            moves
                .push(self.words.say("review-enters", &[("name", name.into()), ("because", because.into())]));
        }
        for line in &answer.exits {
            let rank = line.now.and_then(|now| now.rank);
            let because = self.because(line.rule, rank, line.pin.as_ref());
            let name = called(line.name.as_ref(), &line.account);
            moves
                .push(self.words.say("review-leaves", &[("name", name.into()), ("because", because.into())]));
        }
        if moves.is_empty() {
            moves.push(self.words.say("review-nobody", &[]));
        }
        moves.iter().try_for_each(|moved| output::line(moved))?;
        self.overdue(&answer.overdue)?;
        output::line(&format!("\n{}", self.ending(answer)))
    }

    fn heading(self, answer: &ReviewAnswer) -> String {
        let ReviewAnswer { coordinates, percent, eligible, seats, previous, due, .. } = answer;
        let heading = [
            ("day", self.speech().day(coordinates.as_of)),
            ("percent", word(percent)),
            ("eligible", word(eligible)),
            ("seats", word(seats)),
        ];
        let before = match (previous, due) {
            (Some(held), Some(due)) => {
                let days = [
                    ("day", self.speech().day(held.as_of)),
                    ("due", self.speech().day(due.instant(self.zone))),
                ];
                self.words.say("review-previous", &days)
            }
            _ => self.words.say("review-first", &[]),
        };
        let heading = self.words.say("review-heading", &heading);
        self.words.say("review-opening", &[("heading", heading.into()), ("before", before.into())])
    }

    fn members(self, answer: &ReviewAnswer) -> Result<(), Failure> {
        let columns = ["rank", "account", "name", "score", "health", "stage", "rule", "since-review"];
        let row = |line: &crate::ledger::ReviewMemberLine| {
            let now = &line.now;
            vec![
                or_dash(now.rank),
                line.account.to_string(),
                or_dash(line.name.as_ref()),
                format!("{:.1}", now.score),
                format!("{:.1} {}", now.health, self.words.name("colour", now.colour.as_str())),
                self.words.name("stage", now.stage.as_str()),
                self.words.name("rule", line.rule.as_str()),
                self.moved(line.before.as_ref(), now),
            ]
        };
        output::columns(self.words, &columns, answer.members.iter().map(row))?;
        output::line("")
    }

    /// What became other than it was.
    fn moved(self, before: Option<&Glance>, now: &Glance) -> String {
        let Some(before) = before else { return String::new() };
        let mut said = Vec::new();
        if let (Some(old), Some(new)) = (before.rank, now.rank)
            && old != new
        {
            said.push(self.words.say("review-moved-rank", &[("old", word(old)), ("new", word(new))]));
        }
        let [score, health] = [now.score - before.score, now.health - before.health];
        for (id, change) in [("review-moved-score", score), ("review-moved-health", health)] {
            if change.abs() >= 0.05 {
                said.push(self.words.say(id, &[("change", format!("{change:+.1}").into())]));
            }
        }
        if before.stage != now.stage {
            let [old, new] =
                [before.stage, now.stage].map(|stage| self.words.name("stage", stage.as_str()).into());
            said.push(self.words.say("review-moved-stage", &[("old", old), ("new", new)]));
        }
        self.words.list(said)
    }

    /// A rule as the reason of an entry or exit.
    fn because(self, rule: ListRule, rank: Option<u32>, pin: Option<&Pin>) -> String {
        let id = format!("because-{}", rule.as_str().replace('_', "-"));
        let day = pin.map_or_else(|| "-".into(), |pin| self.speech().day(pin.until));
        let reason = or_dash(pin.map(|pin| &pin.reason));
        let says = [("rank", or_dash(rank).into()), ("day", day), ("reason", reason.into())];
        self.words.say(&id, &says)
    }

    fn overdue(self, overdue: &[OverdueAdjustment]) -> Result<(), Failure> {
        if overdue.is_empty() {
            return Ok(());
        }
        output::line(&format!("\n{}", self.words.say("review-overdue", &[])))?;
        for OverdueAdjustment { account, name, adjustment, owner, due, days_late } in overdue {
            let says = [
                ("name", called(name.as_ref(), account).into()),
                ("owner", or_dash(owner.as_ref()).into()),
                ("adjustment", word(adjustment)),
                ("due", self.speech().day(*due)),
                ("late", self.speech().span(*days_late)),
            ];
            output::line(&format!("  {}", self.words.say("review-overdue-line", &says)))?;
        }
        Ok(())
    }

    fn ending(self, answer: &ReviewAnswer) -> String {
        if answer.recorded.is_empty() {
            return self.words.say("review-proposal", &[]);
        }
        let positions = self.words.list(answer.recorded.iter().map(ToString::to_string));
        self.words.say("review-recorded", &[("positions", positions.into())])
    }
}
