//! What must hold of a mapping beyond its shape.

use guanxi_projections::event::EventType;

use super::super::condition::Condition;
use super::super::filter::Filter;
use super::super::shape::Shape;
use super::super::template::{Hole, Template};
use super::{EventRule, Mapping, MappingError, TimeRule};

/// Which of the special holes a template may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The account is not known yet.
    BeforeAccount,
    /// The account is known, the id is not.
    BeforeId,
    /// All is known.
    Event,
}

impl Mapping {
    /// Checks every template, and what the events must have.
    pub(super) fn check(&self) -> Result<(), MappingError> {
        let mut look =
            |path: &str, start: usize, template: &Template| self.check_filters(path, start, template);
        self.visit_templates(&mut look)?;
        let rules = self.rules();
        self.check_holes(
            "account.id",
            rules.account.id.span().start,
            rules.account.id.get_ref(),
            Stage::BeforeAccount,
        )?;
        for (name, lookup) in &rules.lookup {
            let path = format!("lookup.{name}.by");
            self.check_holes(&path, lookup.by.span().start, lookup.by.get_ref(), Stage::BeforeAccount)?;
        }
        if let Some(name) = &rules.account.name {
            self.check_holes("account.name", name.span().start, name.get_ref(), Stage::BeforeId)?;
        }
        if let Some(opened) = &rules.account.opened {
            self.check_table("account.opened", opened)?;
            opened.visit("account.opened", &mut |path, start, template| {
                self.check_holes(path, start, template, Stage::BeforeId)
            })?;
        }
        if rules.event.is_empty() {
            return Err(self.error_at(0, "there is no [[event]]: no row would give anything".to_owned()));
        }
        rules.event.iter().enumerate().try_for_each(|(place, event)| self.check_event(place, event))
    }

    fn check_event(&self, place: usize, event: &EventRule) -> Result<(), MappingError> {
        let name = event_name(place, event);
        let id = event.id.get_ref();
        let start = event.id.span().start;
        if id.holes().next().is_none() {
            return Err(self.error_at(start, format!("{name}, id: it would be the same for every row")));
        }
        for template in [&event.once, &event.subject].into_iter().flatten() {
            self.check_holes(&name, template.span().start, template.get_ref(), Stage::BeforeId)?;
        }
        if event.r#type.0 == EventType::AccountOpened && self.rules().account.open {
            let reason =
                "accounts are opened by themselves already; say `open = false` in [account] to do it here";
            return Err(self.error_at(start, format!("{name}: {reason}")));
        }
        let Some(time) = event.time.as_ref().or(self.rules().time.as_ref()) else {
            return Err(
                self.error_at(start, format!("{name}: neither the event nor the mapping names a `time`"))
            );
        };
        self.check_time(&name, time)?;
        self.check_table(&format!("{name}, data"), &event.data)?;
        let stage = if id.has(&Hole::Occurrence) { Stage::Event } else { Stage::BeforeId };
        event.data.visit(&format!("{name}, data"), &mut |path, start, template| {
            self.check_holes(path, start, template, stage)
        })
    }

    fn check_table(&self, path: &str, shape: &Shape) -> Result<(), MappingError> {
        let refused = || self.error_at(shape.start(), format!("{path}: it must be a table"));
        shape.is_table().then_some(()).ok_or_else(refused)
    }

    fn check_time(&self, name: &str, time: &TimeRule) -> Result<(), MappingError> {
        let start = time.value.span().start;
        if time.formats.is_empty() {
            return Err(self.error_at(start, format!("{name}, time: `formats` names no format")));
        }
        self.check_holes(name, start, time.value.get_ref(), Stage::BeforeId)?;
        time.fallback.as_ref().map_or(Ok(()), |fallback| self.check_time(name, fallback))
    }

    fn check_holes(
        &self,
        path: &str,
        start: usize,
        template: &Template,
        stage: Stage,
    ) -> Result<(), MappingError> {
        for hole in template.holes() {
            let reason = match hole {
                Hole::Account if stage == Stage::BeforeAccount => "`{@account}` is not known here yet",
                Hole::Occurrence if stage != Stage::Event => {
                    "`{##}` goes into an id, and into the data of an event whose id has it"
                }
                Hole::Account | Hole::Occurrence | Hole::RowNumber | Hole::Column(_) => continue,
            };
            return Err(self.error_at(start, format!("{path}: {reason}")));
        }
        Ok(())
    }

    fn check_filters(&self, path: &str, start: usize, template: &Template) -> Result<(), MappingError> {
        for filter in template.filters() {
            if let Filter::Map(name) = filter
                && !self.rules().map.contains_key(name)
            {
                return Err(self.error_at(start, format!("{path}: there is no [map.{name}]")));
            }
        }
        Ok(())
    }

    /// Shows every template with its key and its place in the text.
    pub(crate) fn visit_templates<E>(
        &self,
        look: &mut impl FnMut(&str, usize, &Template) -> Result<(), E>,
    ) -> Result<(), E> {
        let rules = self.rules();
        look("account.id", rules.account.id.span().start, rules.account.id.get_ref())?;
        if let Some(name) = &rules.account.name {
            look("account.name", name.span().start, name.get_ref())?;
        }
        if let Some(opened) = &rules.account.opened {
            opened.visit("account.opened", look)?;
        }
        for (name, lookup) in &rules.lookup {
            look(&format!("lookup.{name}.by"), lookup.by.span().start, lookup.by.get_ref())?;
        }
        if let Some(time) = &rules.time {
            visit_time("time", time, look)?;
        }
        for (place, event) in rules.event.iter().enumerate() {
            visit_event(&event_name(place, event), event, look)?;
        }
        Ok(())
    }

    /// Shows every condition with its place in the text.
    pub(crate) fn visit_conditions<E>(
        &self,
        look: &mut impl FnMut(usize, &Condition) -> Result<(), E>,
    ) -> Result<(), E> {
        let rejects = self.rules().reject.iter().flat_map(|rule| &rule.when);
        let events = self.rules().event.iter().flat_map(|rule| &rule.when);
        rejects.chain(events).try_for_each(|condition| look(condition.column.span().start, condition))
    }
}

fn event_name(place: usize, event: &EventRule) -> String {
    format!("event {} ({})", place + 1, event.r#type.0.as_str())
}

fn visit_event<E>(
    name: &str,
    event: &EventRule,
    look: &mut impl FnMut(&str, usize, &Template) -> Result<(), E>,
) -> Result<(), E> {
    look(&format!("{name}, id"), event.id.span().start, event.id.get_ref())?;
    if let Some(once) = &event.once {
        look(&format!("{name}, once"), once.span().start, once.get_ref())?;
    }
    if let Some(subject) = &event.subject {
        look(&format!("{name}, subject"), subject.span().start, subject.get_ref())?;
    }
    if let Some(time) = &event.time {
        visit_time(&format!("{name}, time"), time, look)?;
    }
    event.data.visit(&format!("{name}, data"), look)
}

fn visit_time<E>(
    path: &str,
    time: &TimeRule,
    look: &mut impl FnMut(&str, usize, &Template) -> Result<(), E>,
) -> Result<(), E> {
    look(path, time.value.span().start, time.value.get_ref())?;
    time.fallback.as_ref().map_or(Ok(()), |fallback| visit_time(&format!("{path}.fallback"), fallback, look))
}
