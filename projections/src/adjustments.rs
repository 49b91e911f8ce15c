//! Adjustments: what evaluations decided to change. Promises to ourselves: listed, not scored.
//!
//! An adjustment stands until a later evaluation of the account no longer names it, by the same text. One that names
//! it again puts it off, or on to somebody else. So an evaluation says what has become of the adjustments before it,
//! and nothing else has to be recorded: to evaluate is to adjust.

use serde::Serialize;

use crate::fact::{Adjustment, EventRef, Fact, Matter, Number};
use crate::id::PersonId;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::text::Label;
use crate::time::Timestamp;

/// Folds the adjustments of an account.
#[derive(Debug, Clone)]
pub struct Adjustments<'p> {
    setting: Setting<'p>,
    /// In the order in which they were first decided.
    decided: Vec<Decided>,
}

#[derive(Debug, Clone)]
struct Decided {
    text: Label,
    owner: Number<PersonId>,
    at: Timestamp,
    due: Timestamp,
    moves: u32,
    closed_at: Option<Timestamp>,
    events: Vec<EventRef>,
}

/// How an adjustment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentState {
    /// Not due yet.
    Open,
    /// Due, and no evaluation has closed it.
    Overdue,
    /// A later evaluation no longer named it, by its due date.
    Closed,
    /// A later evaluation no longer named it, after its due date.
    ClosedLate,
}

/// A line of the adjustments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AdjustmentLine {
    /// What is to be done.
    pub adjustment: Label,
    /// How it stands.
    pub state: AdjustmentState,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// When it was decided first.
    pub decided_at: Timestamp,
    /// By when, as the last evaluation that named it says.
    pub due: Timestamp,
    /// How often an evaluation put it off.
    pub moves: u32,
    /// The evaluation that no longer named it.
    pub closed_at: Option<Timestamp>,
    /// Days after the due date at which it was closed, or stands at T; `None` while it is not late.
    pub days_late: Option<f64>,
    /// The evaluations that named it, and the one that closed it.
    pub events: Vec<EventRef>,
}

impl AdjustmentState {
    /// Whether it waits to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Overdue)
    }
}

impl<'p> Adjustments<'p> {
    /// None yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, decided: Vec::new() }
    }

    fn evaluate_account(&mut self, named: &[Adjustment], fact: &Fact) {
        for standing in self.decided.iter_mut().filter(|standing| standing.closed_at.is_none()) {
            if named.iter().all(|adjustment| adjustment.text != standing.text) {
                standing.closed_at = Some(fact.occurred_at);
                standing.events.push(fact.event());
            }
        }
        for adjustment in named {
            self.decide(adjustment, fact);
        }
    }

    fn decide(&mut self, adjustment: &Adjustment, fact: &Fact) {
        let Adjustment { text, owner, due } = adjustment;
        let due = self.setting.instant(*due);
        let is_same = |standing: &&mut Decided| standing.closed_at.is_none() && standing.text == *text;
        if let Some(standing) = self.decided.iter_mut().find(is_same) {
            standing.moves = standing.moves.saturating_add(u32::from(due > standing.due));
            (standing.owner, standing.due) = (*owner, due);
            standing.events.push(fact.event());
            standing.events.dedup();
        } else {
            let (text, owner, at) = (text.clone(), *owner, fact.occurred_at);
            let events = vec![fact.event()];
            self.decided.push(Decided { text, owner, at, due, moves: 0, closed_at: None, events });
        }
    }

    fn line(&self, decided: &Decided, as_of: Timestamp) -> AdjustmentLine {
        let days = decided.closed_at.unwrap_or(as_of).days_since(decided.due);
        let state = match (decided.closed_at.is_some(), days > 0.0) {
            (false, false) => AdjustmentState::Open,
            (false, true) => AdjustmentState::Overdue,
            (true, false) => AdjustmentState::Closed,
            (true, true) => AdjustmentState::ClosedLate,
        };
        AdjustmentLine {
            adjustment: decided.text.clone(),
            state,
            owner: self.setting.names.person(decided.owner),
            decided_at: decided.at,
            due: decided.due,
            moves: decided.moves,
            closed_at: decided.closed_at,
            days_late: (days > 0.0).then_some(days),
            events: decided.events.clone(),
        }
    }
}

impl Projection for Adjustments<'_> {
    /// In the order in which they were first decided.
    type View = Vec<AdjustmentLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::AccountEvaluated { adjustments } = &fact.matter {
            self.evaluate_account(adjustments, fact);
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        self.decided.iter().map(|decided| self.line(decided, as_of)).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::directives::KeyAccountView;
    use crate::epoch::Epoch;
    use crate::event::EventType;
    use crate::image::Image;
    use crate::policy::Policy;
    use crate::projection::fold;
    use crate::rates::Rates;
    use crate::story::{Story, at, person};
    use crate::time::Zone;

    fn evaluated(story: &mut Story, day: &str, adjustments: &[(&str, &str)]) {
        let one = |(text, due): &(&str, &str)| json!({ "text": text, "owner": person(1), "due": due });
        let adjustments: Vec<Value> = adjustments.iter().map(one).collect();
        let data = json!({ "findings": "YQ==", "adjustments": adjustments });
        story.tell(at(day), EventType::AccountEvaluated, data);
    }

    fn lines(image: &Image, as_of: &str) -> Vec<String> {
        let policy = Policy::default_policy();
        let (rates, epoch) = (Rates::default(), Epoch::default());
        let setting = Setting {
            policy: &policy,
            zone: Zone::named("UTC").unwrap(),
            rates: &rates,
            names: image.names(),
            epoch: &epoch,
            own: None,
            fit: None,
            key_account: KeyAccountView::default(),
        };
        let lines = fold(Adjustments::new(setting), image, at(as_of), Timestamp::MAX);
        let said = |line: &AdjustmentLine| {
            let state = serde_json::to_value(line.state).unwrap();
            let positions: Vec<u64> = line.events.iter().map(|event| event.position.0).collect();
            format!("{} {} moved {} {positions:?}", line.adjustment, state.as_str().unwrap(), line.moves)
        };
        lines.iter().map(said).collect()
    }

    #[test]
    fn an_adjustment_stands_until_an_evaluation_no_longer_names_it() {
        let mut story = Story::default();
        story.opened(at("2026-01-01"));
        evaluated(&mut story, "2026-01-10", &[("visit", "2026-02-01"), ("call", "2026-03-01")]);
        evaluated(&mut story, "2026-02-10", &[("call", "2026-04-01")]);
        evaluated(&mut story, "2026-03-10", &[]);
        let image = story.image();
        assert_eq!(lines(&image, "2026-01-20"), ["visit open moved 0 [1]", "call open moved 0 [1]"]);
        assert_eq!(lines(&image, "2026-02-05"), ["visit overdue moved 0 [1]", "call open moved 0 [1]"]);
        assert_eq!(
            lines(&image, "2026-02-20"),
            ["visit closed_late moved 0 [1, 2]", "call open moved 1 [1, 2]"]
        );
        assert_eq!(
            lines(&image, "2026-12-31"),
            ["visit closed_late moved 0 [1, 2]", "call closed moved 1 [1, 2, 3]"]
        );
    }

    #[test]
    fn what_is_decided_anew_after_it_was_closed_is_another_line() {
        let mut story = Story::default();
        story.opened(at("2026-01-01"));
        for (day, named) in [("2026-01-10", true), ("2026-02-10", false), ("2026-03-10", true)] {
            evaluated(&mut story, day, if named { &[("visit", "2026-06-01")] } else { &[] });
        }
        assert_eq!(
            lines(&story.image(), "2026-03-20"),
            ["visit closed moved 0 [1, 2]", "visit open moved 0 [3]"]
        );
    }
}
