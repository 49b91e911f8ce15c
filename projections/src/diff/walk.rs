//! The steps from one side to the other, and what each moves.

use std::collections::BTreeMap;

use super::changes::{self, FactChange};
use super::{Change, Class, ClassChange, Difference, EventChange, Part, PartChange, Side, Turn, Turned};
use crate::account::{AccountState, AccountView};
use crate::explain::Explainer;
use crate::fact::{EventRef, Fact};
use crate::health::Colour;
use crate::id::AccountId;
use crate::image::Image;
use crate::measure::Measure;
use crate::position::Position;
use crate::projection::Projection as _;
use crate::quadrant::Quadrant;
use crate::setting::Setting;
use crate::stage::{Stage, Transition};
use crate::time::Timestamp;

/// What is read after each step.
#[derive(Debug, Clone)]
struct Reading {
    values: [Option<f64>; Measure::ALL.len()],
    stage: Option<Stage>,
    transitions: Vec<Transition>,
    colour: Colour,
    quadrant: Quadrant,
}

/// What a step moved, by measure.
#[derive(Debug)]
struct Step {
    class: Class,
    part: Option<Part>,
    event: Option<EventRef>,
    revised_by: Vec<Position>,
    moved: [f64; Measure::ALL.len()],
}

/// Where the walk stands.
pub(super) struct Walk<'a, 'p> {
    account: &'a AccountId,
    image: &'a Image,
    from: Side<'p>,
    /// As it is by now.
    setting: Setting<'p>,
    as_of: Timestamp,
    facts: Vec<Fact>,
    first: Reading,
    last: Reading,
    steps: Vec<Step>,
    /// What time did to each event's contribution, by measure.
    faded: BTreeMap<Position, (EventRef, [f64; Measure::ALL.len()])>,
    stages: Vec<Turn<Stage>>,
    colours: Vec<Turn<Colour>>,
    quadrants: Vec<Turn<Quadrant>>,
}

impl Reading {
    fn of(view: &AccountView) -> Self {
        let stage = view.figures.stage.as_ref();
        Self {
            values: Measure::ALL.map(|measure| measure.read(view)),
            stage: stage.map(|stage| stage.name),
            transitions: stage.map(|stage| stage.transitions.clone()).unwrap_or_default(),
            colour: view.figures.health.colour,
            quadrant: view.quadrant,
        }
    }
}

impl<'a, 'p> Walk<'a, 'p> {
    pub(super) fn begin(account: &'a AccountId, image: &'a Image, from: &Side<'p>) -> Self {
        let facts = image.effective(from.as_of, from.known_at);
        let first = read(account, from.setting, &facts, from.as_of);
        Self {
            account,
            image,
            from: *from,
            setting: from.setting,
            as_of: from.as_of,
            facts,
            last: first.clone(),
            first,
            steps: Vec::new(),
            faded: BTreeMap::new(),
            stages: Vec::new(),
            colours: Vec::new(),
            quadrants: Vec::new(),
        }
    }

    /// What holds for the whole portfolio.
    pub(super) fn portfolio(&mut self, to: &Side<'p>) {
        let Setting { policy, zone: _, rates, names: _, epoch, own, fit, key_account } = to.setting;
        // What is the same moves nothing; an epoch is too large to be compared for each account.
        let now = self.setting;
        if now.policy != policy {
            self.set(Class::Policy, None, Setting { policy, ..self.setting });
        }
        self.set(Class::Epoch, Some(Part::Anchors), Setting { epoch, own, ..self.setting });
        if now.fit != fit {
            self.set(Class::Epoch, Some(Part::Calibration), Setting { fit, ..self.setting });
        }
        if now.rates != rates {
            self.set(Class::Epoch, Some(Part::Rates), Setting { rates, ..self.setting });
        }
        if now.key_account != key_account {
            self.set(Class::KeyList, None, Setting { key_account, ..self.setting });
        }
        self.setting = to.setting;
    }

    fn set(&mut self, class: Class, part: Option<Part>, setting: Setting<'p>) {
        self.setting = setting;
        let reading = read(self.account, self.setting, &self.facts, self.as_of);
        self.step(class, part, None, Vec::new(), reading);
    }

    /// Time alone, on what was known before; what it did to single events is told of the measures `traced`.
    pub(super) fn time(&mut self, to: &Side<'p>, traced: &[Measure]) {
        if to.as_of == self.as_of {
            return;
        }
        let mut explainer = Explainer::new(self.setting);
        self.facts.iter().for_each(|fact| explainer.apply(fact));
        let (then, now) = (explainer.evaluate(self.as_of), explainer.evaluate(to.as_of));
        let wanted = |(_, measure): &(usize, Measure)| traced.contains(measure);
        for (place, measure) in Measure::ALL.into_iter().enumerate().filter(wanted) {
            let signed = [(then.of(measure), -1.0), (now.of(measure), 1.0)];
            for (one, sign) in signed
                .iter()
                .flat_map(|(reasons, sign)| reasons.contributions.iter().map(move |one| (one, *sign)))
            {
                let nothing = (one.event, [0.0; Measure::ALL.len()]);
                let (_, moved) = self.faded.entry(one.event.position).or_insert(nothing);
                if let Some(moved) = moved.get_mut(place) {
                    *moved += sign * one.points;
                }
            }
        }
        self.as_of = to.as_of;
        let reading = read(self.account, self.setting, &self.facts, self.as_of);
        self.step(Class::Faded, None, None, Vec::new(), reading);
    }

    /// What was corrected, what was recorded late, what is new.
    pub(super) fn history(&mut self, to: &Side<'p>) {
        let changes = changes::between(self.image, &self.from, to);
        let (news, others): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| change.class == Class::New);
        for change in others {
            self.replace(&change);
            let reading = read(self.account, self.setting, &self.facts, self.as_of);
            let revised_by = match (change.class, change.fact()) {
                (Class::Corrected, Some(fact)) => {
                    self.image.revisions_of(fact.position, self.from.known_at, to.known_at)
                }
                _ => Vec::new(),
            };
            self.step(change.class, None, change.fact().map(Fact::event), revised_by, reading);
        }
        self.news(&news);
    }

    /// Events since T1, which mostly come after all others: the fold goes on from one to the next.
    fn news(&mut self, news: &[FactChange]) {
        let mut state = AccountState::new(self.account.clone(), self.setting);
        let facts = std::mem::take(&mut self.facts);
        let mut others = facts.iter().peekable();
        for new in news.iter().filter_map(|change| change.after.as_ref()) {
            let place = (new.occurred_at, new.position);
            while let Some(fact) = others.next_if(|fact| (fact.occurred_at, fact.position) < place) {
                state.apply(fact);
            }
            state.apply(new);
            let view = if others.peek().is_none() {
                state.evaluate(self.as_of)
            } else {
                let mut whole = state.clone();
                others.clone().for_each(|fact| whole.apply(fact));
                whole.evaluate(self.as_of)
            };
            self.step(Class::New, None, Some(new.event()), Vec::new(), Reading::of(&view));
        }
    }

    fn replace(&mut self, change: &FactChange) {
        if let Some(before) = &change.before {
            self.facts.retain(|fact| fact.position != before.position);
        }
        if let Some(after) = &change.after {
            let place = (after.occurred_at, after.position);
            let at = self.facts.partition_point(|fact| (fact.occurred_at, fact.position) < place);
            self.facts.insert(at, after.clone());
        }
    }

    fn step(
        &mut self,
        class: Class,
        part: Option<Part>,
        event: Option<EventRef>,
        revised_by: Vec<Position>,
        reading: Reading,
    ) {
        let mut moved = [0.0; Measure::ALL.len()];
        let values = self.last.values.iter().zip(&reading.values);
        for (moved, (before, after)) in moved.iter_mut().zip(values) {
            *moved = after.unwrap_or(0.0) - before.unwrap_or(0.0);
        }
        self.steps.push(Step { class, part, event, revised_by, moved });
        if reading.stage != self.last.stage {
            self.stages.push(Turn { to: reading.stage, class, event });
        }
        if reading.colour != self.last.colour {
            self.colours.push(Turn { to: Some(reading.colour), class, event });
        }
        if reading.quadrant != self.last.quadrant {
            self.quadrants.push(Turn { to: Some(reading.quadrant), class, event });
        }
        self.last = reading;
    }

    pub(super) fn finish(self) -> Difference {
        let measures = Measure::ALL.into_iter().enumerate();
        let measures = measures.filter_map(|(place, measure)| self.change(place, measure)).collect();
        let (first, last) = (self.first, self.last);
        let colours = (Some(first.colour), Some(last.colour));
        let quadrants = (Some(first.quadrant), Some(last.quadrant));
        let is_known = |transition: &Transition| first.transitions.contains(transition);
        Difference {
            measures,
            stage: turned((first.stage, last.stage), self.stages),
            transitions: last.transitions.into_iter().filter(|transition| !is_known(transition)).collect(),
            colour: turned(colours, self.colours),
            quadrant: turned(quadrants, self.quadrants),
        }
    }

    fn change(&self, place: usize, measure: Measure) -> Option<Change> {
        let (from, to) = (*self.first.values.get(place)?, *self.last.values.get(place)?);
        let change = to.unwrap_or(0.0) - from.unwrap_or(0.0);
        let mut classes: Vec<ClassChange> = Vec::new();
        for step in &self.steps {
            let points = *step.moved.get(place)?;
            if classes.last().is_none_or(|last| last.class != step.class) {
                classes.push(self.class(step.class, place));
            }
            if let Some(class) = classes.last_mut() {
                class.points += points;
                class.take(step, points);
            }
        }
        classes.retain(|class| class.points != 0.0 || !class.events.is_empty());
        for class in &mut classes {
            class.events.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        }
        let explained: f64 = classes.iter().map(|class| class.points).sum();
        Some(Change { measure, from, to, change, classes, residual: change - explained })
    }

    /// A class before its first step; time has its events already.
    fn class(&self, class: Class, place: usize) -> ClassChange {
        let faded = self.faded.values().filter(|_| class == Class::Faded);
        let events = faded.filter_map(|(event, moved)| {
            let points = *moved.get(place).filter(|points| **points != 0.0)?;
            Some(EventChange { event: *event, points, revised_by: Vec::new() })
        });
        ClassChange { class, points: 0.0, parts: Vec::new(), events: events.collect(), rest: None }
    }
}

impl ClassChange {
    fn take(&mut self, step: &Step, points: f64) {
        if points == 0.0 {
            return;
        }
        if let Some(part) = step.part {
            self.parts.push(PartChange { part, points });
        }
        if let Some(event) = step.event {
            self.events.push(EventChange { event, points, revised_by: step.revised_by.clone() });
        }
    }
}

fn read(account: &AccountId, setting: Setting<'_>, facts: &[Fact], as_of: Timestamp) -> Reading {
    let mut state = AccountState::new(account.clone(), setting);
    for fact in facts {
        state.apply(fact);
    }
    Reading::of(&state.evaluate(as_of))
}

fn turned<T: PartialEq>((from, to): (Option<T>, Option<T>), causes: Vec<Turn<T>>) -> Option<Turned<T>> {
    (from != to).then_some(Turned { from, to, causes })
}
