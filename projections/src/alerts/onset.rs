//! Since when: stepping back over local midnights.

use crate::account::AccountView;
use crate::concessions::Concessions;
use crate::evaluation::Yardstick;
use crate::event::assessment::Dimension;
use crate::fact::EventRef;
use crate::id::AccountId;
use crate::image::Image;
use crate::movement::health_moves;
use crate::policy::AlertsPolicy;
use crate::projection::{Projection as _, fold};
use crate::setting::Setting;
use crate::time::{Timestamp, Zone};

use super::dated::{Dated, Found};
use super::reading::Signs;
use super::severity::Importance;
use super::watch::Watch;
use super::{Alert, AlertKind, ListNews, Why};

/// So many midnights are read at a time, going back: most alerts are younger.
const READ_AT_ONCE: usize = 32;
/// So many concessions are named as the events behind an exposure.
const CONCESSIONS_NAMED: usize = 5;

/// The local midnights that a question looks at, ascending; the last one is the last at or before T.
#[derive(Debug, Clone, PartialEq)]
pub struct Midnights {
    instants: Vec<Timestamp>,
    /// So many at the beginning serve only to be compared with.
    compared: usize,
}

/// A run of midnights that are read with one setting.
#[derive(Debug, Clone, Copy)]
pub struct Span<'p> {
    /// The place of its first midnight.
    pub first: usize,
    /// What holds from there to the next span.
    pub setting: Setting<'p>,
    /// What accounts are held against.
    pub yardstick: Option<&'p Yardstick>,
}

impl Midnights {
    /// Those that alerts at T are read at.
    pub fn before(as_of: Timestamp, zone: Zone, policy: &AlertsPolicy) -> Self {
        let compared = policy.health_drop_days as usize;
        let count = compared + policy.lookback_days as usize;
        let today = zone.day_of(as_of).date();
        let days = (0..count as u64).map_while(|back| today.checked_sub_days(chrono::Days::new(back)));
        let mut instants: Vec<_> = days.map(|day| zone.start_of(crate::time::Day::new(day))).collect();
        instants.retain(|midnight| *midnight <= as_of);
        instants.reverse();
        instants.dedup();
        Self { instants, compared }
    }

    /// The midnights, ascending.
    pub fn instants(&self) -> &[Timestamp] {
        &self.instants
    }
}

/// The question about one account.
struct Asking<'a, 'p> {
    account: &'a AccountId,
    image: &'a Image,
    midnights: &'a Midnights,
    spans: &'a [Span<'p>],
    known_at: Timestamp,
    policy: &'p AlertsPolicy,
}

/// The view of an account, and every alert about it, at T as known at K; dated alerts first. `None` when nothing of
/// it is in the effective history. `spans` cover all
/// midnights, each with what held there; the last one's setting is that of T.
///
/// Cost: O(events) for each span that is read; as many midnights are read as alerts have stood for.
pub fn alerts_of(
    account: &AccountId,
    image: &Image,
    (midnights, spans): (&Midnights, &[Span<'_>]),
    news: Option<&ListNews>,
    (as_of, known_at): (Timestamp, Timestamp),
) -> Option<(AccountView, Vec<Alert>)> {
    let now = spans.last()?;
    let asking = Asking { account, image, midnights, spans, known_at, policy: &now.setting.policy.alerts };
    let mut dated = Dated::new(now.setting);
    let mut watch = Watch::new(account.clone(), now.setting);
    image.visit(as_of, known_at, |fact| {
        dated.apply(fact);
        watch.apply(fact);
    });
    let view = watch.evaluate(as_of);
    if view.events == 0 {
        return None;
    }
    let stage = view.figures.stage.as_ref();
    let mut alerts = dated.alerts(stage, news, as_of);
    let changed = stage.and_then(|stage| stage.transitions.last());
    for alert in alerts.iter_mut().filter(|alert| alert.why.kind() == AlertKind::StageChanged) {
        alert.events = changed.map(|changed| changed.events(image, known_at)).unwrap_or_default();
    }
    let importance = if now.setting.key_account.member { Importance::Key } else { Importance::Other };
    alerts.extend(asking.continuous().into_iter().map(|found| found.alert(importance)));
    Some((view, alerts))
}

/// A condition that holds at the last midnight, and since when.
struct Standing {
    kind: AlertKind,
    since: Timestamp,
    /// Whether its row of midnights goes on further back.
    goes_on: bool,
}

impl<'p> Asking<'_, 'p> {
    fn continuous(&self) -> Vec<Found> {
        let instants = &self.midnights.instants;
        let Some(last) = instants.len().checked_sub(1) else { return Vec::new() };
        let compared = last.checked_sub(self.midnights.compared);
        let wanted: Vec<usize> = compared.into_iter().chain([last]).collect();
        let mut signs = self.read(&wanted);
        let (Some(now), Some(at)) = (signs.pop(), instants.get(last).copied()) else { return Vec::new() };
        let before = signs.pop();
        let holds = |kind: &AlertKind| now.hold(*kind, at, before.as_ref(), self.policy);
        let standing = AlertKind::CONTINUOUS.into_iter().filter(holds);
        let mut standing: Vec<_> = standing.map(|kind| Standing { kind, since: at, goes_on: true }).collect();
        if standing.is_empty() {
            return Vec::new();
        }
        self.step_back(&mut standing, last);
        let Some(watch) = self.watch_at(last) else { return Vec::new() };
        let found = |standing: &Standing| {
            let (why, events) = self.why(standing.kind, at, &now, before.as_ref(), &watch)?;
            Some(Found { since: standing.since, since_or_earlier: standing.goes_on, why, events })
        };
        standing.iter().filter_map(found).collect()
    }

    /// Finds where the rows of midnights begin that end at the place `last`.
    fn step_back(&self, standing: &mut [Standing], last: usize) {
        let mut until = last;
        while until > self.midnights.compared && standing.iter().any(|one| one.goes_on) {
            let from = until.saturating_sub(READ_AT_ONCE).max(self.midnights.compared);
            let falling = standing.iter().any(|one| one.goes_on && one.kind == AlertKind::HealthFallen);
            let back = if falling { self.midnights.compared } else { 0 };
            let wanted: Vec<usize> = (from - back..until).collect();
            let signs = self.read(&wanted);
            for place in (from..until).rev() {
                let (Some(at), Some(now)) =
                    (self.midnights.instants.get(place), signs.get(place + back - from))
                else {
                    continue;
                };
                let before = if falling { signs.get(place - from) } else { None };
                for one in standing.iter_mut().filter(|one| one.goes_on) {
                    if now.hold(one.kind, *at, before, self.policy) {
                        one.since = *at;
                    } else {
                        one.goes_on = false;
                    }
                }
            }
            until = from;
        }
    }

    /// The span that a midnight lies in.
    fn span_of(&self, place: usize) -> Option<&Span<'p>> {
        let after = self.spans.partition_point(|span| span.first <= place);
        self.spans.get(after.checked_sub(1)?)
    }

    /// The signs at some midnights, by ascending place. Cost: O(events) for each span among them.
    fn read(&self, wanted: &[usize]) -> Vec<Signs> {
        let mut signs = Vec::with_capacity(wanted.len());
        let mut rest = wanted;
        while let Some(span) = rest.first().and_then(|first| self.span_of(*first)) {
            let end =
                self.spans.iter().find(|next| next.first > span.first).map_or(usize::MAX, |next| next.first);
            let (here, after) = rest.split_at(rest.partition_point(|place| *place < end));
            let midnights: Vec<Timestamp> =
                here.iter().filter_map(|place| self.midnights.instants.get(*place).copied()).collect();
            self.read_span(span, &midnights, &mut signs);
            rest = after;
        }
        signs
    }

    fn read_span(&self, span: &Span<'p>, midnights: &[Timestamp], signs: &mut Vec<Signs>) {
        let Some(last) = midnights.last() else { return };
        let mut watch = Watch::new(self.account.clone(), span.setting);
        let mut read = 0;
        self.image.visit(*last, self.known_at, |fact| {
            while let Some(midnight) = midnights.get(read).filter(|midnight| **midnight < fact.occurred_at) {
                signs.push(watch.signs(*midnight, span.yardstick));
                read += 1;
            }
            watch.apply(fact);
        });
        let rest = midnights.get(read..).unwrap_or_default();
        signs.extend(rest.iter().map(|midnight| watch.signs(*midnight, span.yardstick)));
    }

    fn watch_at(&self, place: usize) -> Option<Watch<'p>> {
        let (span, at) = (self.span_of(place)?, self.midnights.instants.get(place)?);
        let mut watch = Watch::new(self.account.clone(), span.setting);
        self.image.visit(*at, self.known_at, |fact| watch.apply(fact));
        Some(watch)
    }

    /// What an alert says, and the events behind it.
    fn why(
        &self,
        kind: AlertKind,
        at: Timestamp,
        now: &Signs,
        before: Option<&Signs>,
        watch: &Watch<'p>,
    ) -> Option<(Why, Vec<EventRef>)> {
        let one = |event: Option<EventRef>| event.into_iter().collect::<Vec<_>>();
        let said = match kind {
            AlertKind::DeclinePredicted => {
                let next = now.next?;
                let silent_days = now.silence.map(|silence| silence.days);
                (
                    Why::DeclinePredicted { at: next.at, because: next.cause, silent_days },
                    one(watch.last_order()),
                )
            }
            AlertKind::Silent => {
                let silence = now.silence?;
                let why = Why::Silent { p: silence.survival, silent_days: silence.days, next: now.next };
                (why, one(watch.last_order()))
            }
            AlertKind::CoverageLow => {
                let coverage = now.health.dimensions.coverage.value;
                let roles_silent = watch.roles_silent(at);
                (Why::CoverageLow { coverage, roles_silent }, one(watch.last_heard(Dimension::Coverage)))
            }
            AlertKind::DecisionSilent => {
                let (silent_days, last_contact) = (now.decision_silent_days, now.decision_last);
                (Why::DecisionSilent { silent_days, last_contact }, one(watch.last_with_decision()))
            }
            AlertKind::SingleThreaded => {
                let why = Why::SingleThreaded { living_contacts: now.living_contacts, score: now.score };
                (why, one(watch.last_heard(Dimension::Coverage)))
            }
            AlertKind::OneColleague => {
                let busiest = now.busiest?;
                let why = Why::OneColleague { person: busiest.person, share: busiest.share };
                (why, one(watch.last_heard(Dimension::Coverage)))
            }
            AlertKind::HealthFallen => self.fallen(now, before?, watch),
            AlertKind::Exposed => (Why::Exposed { exposure: now.exposure }, self.concessions(at)),
            AlertKind::EffortTooLow => {
                (Why::EffortTooLow { ratio: now.effort_ratio? }, one(watch.last_effort()))
            }
            AlertKind::EffortTooHigh => {
                (Why::EffortTooHigh { ratio: now.effort_ratio? }, one(watch.last_effort()))
            }
            AlertKind::EvaluationOverdue => {
                let last = watch.last_evaluation().map(|event| event.occurred_at);
                (Why::EvaluationOverdue { due: now.next_evaluation?, last }, one(watch.clock_started()))
            }
            AlertKind::ConfidenceLow => {
                (Why::ConfidenceLow { confidence: now.health.confidence }, one(watch.clock_started()))
            }
            AlertKind::StageChanged
            | AlertKind::PromiseDue
            | AlertKind::PromiseOverdue
            | AlertKind::ContractExpiring
            | AlertKind::ReceivableOverdue
            | AlertKind::KeyListEntered
            | AlertKind::KeyListLeft => return None,
        };
        Some(said)
    }

    /// The dimensions that went down, and the last event that each of them read.
    fn fallen(&self, now: &Signs, before: &Signs, watch: &Watch<'p>) -> (Why, Vec<EventRef>) {
        let mut dimensions = health_moves(&before.health.dimensions, &now.health.dimensions);
        dimensions.retain(|moved| moved.points < 0.0);
        let mut events: Vec<EventRef> =
            dimensions.iter().filter_map(|moved| watch.last_heard(moved.dimension)).collect();
        events.sort_by_key(|event| event.position);
        events.dedup();
        let (from, to) = (before.health.value, now.health.value);
        (Why::HealthFallen { from, to, days: self.policy.health_drop_days, dimensions }, events)
    }

    /// The concessions that claim the most.
    fn concessions(&self, at: Timestamp) -> Vec<EventRef> {
        let Some(span) = self.spans.last() else { return Vec::new() };
        let mut lines = fold(Concessions::new(span.setting), self.image, at, self.known_at);
        lines.retain(|line| line.claim > 0.0);
        lines.sort_by(|a, b| b.claim.total_cmp(&a.claim));
        lines.into_iter().take(CONCESSIONS_NAMED).flat_map(|line| line.events).collect()
    }
}
