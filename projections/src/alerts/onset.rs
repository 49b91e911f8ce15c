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
use super::lookout::Lookout;
use super::severity::Importance;
use super::sight::{Before, Sight, has_fallen};
use super::watch::Watch;
use super::{Alert, AlertKind, ListNews, Why};

/// So many midnights are read first, going back: most alerts are younger. Then twice as many each time, for to read some
/// takes a fold of all that happened before.
const READ_FIRST: usize = 32;
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
    let Folded { dated, watch, at_midnight, before } = asking.fold(now, as_of);
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
    let continuous = asking.continuous(at_midnight.as_ref().unwrap_or(&watch), before.as_ref());
    alerts.extend(continuous.into_iter().map(|found| found.alert(importance)));
    Some((view, alerts))
}

/// An account folded up to T.
struct Folded<'p> {
    dated: Dated<'p>,
    watch: Watch<'p>,
    /// As it was at the last midnight, where something happened since.
    at_midnight: Option<Watch<'p>>,
    /// The day that health is compared with; `None` where no midnight goes back so far.
    before: Option<Before>,
}

/// A condition that holds at the last midnight, and since when.
struct Standing {
    kind: AlertKind,
    since: Timestamp,
    /// Whether its row of midnights goes on further back.
    goes_on: bool,
}

/// Whether fallen health is among the conditions whose rows go on.
fn is_falling(standing: &[Standing]) -> bool {
    standing.iter().any(|one| one.goes_on && one.kind == AlertKind::HealthFallen)
}

/// A day that health is compared with, for whatever lifetimes.
fn health_before(sight: &Sight<'_, '_>) -> Before {
    sight.before()
}

/// What was read at a midnight of the past, of the conditions whose rows go on.
struct Past {
    /// By the place of the condition among those that stand; that of fallen health is tested later.
    holds: Vec<bool>,
    eligible: bool,
    began: bool,
    /// Where fallen health is one of them.
    health: Option<f64>,
}

impl<'p> Asking<'_, 'p> {
    /// Folds up to T, stopping by at the last midnight and on the day that health is compared with. Cost: one fold,
    /// and one more for each of the two that lies in a span of its own.
    fn fold(&self, now: &Span<'p>, as_of: Timestamp) -> Folded<'p> {
        let last = self.midnights.instants.len().checked_sub(1);
        let compared = last.and_then(|last| last.checked_sub(self.midnights.compared));
        let here = |place: Option<usize>| {
            place.filter(|place| *place >= now.first).and_then(|place| self.midnights.instants.get(place))
        };
        let (midnight, compared_at) = (here(last), here(compared));
        let mut dated = Dated::new(now.setting);
        let mut watch = Watch::new(self.account.clone(), now.setting);
        let (mut at_midnight, mut before) = (None, None);
        self.image.visit(as_of, self.known_at, |fact| {
            if let Some(at) = compared_at.filter(|at| before.is_none() && fact.occurred_at > **at) {
                before = Some(watch.sight(*at, now.yardstick).before());
            }
            if midnight.is_some_and(|at| fact.occurred_at > *at) && at_midnight.is_none() {
                at_midnight = Some(watch.clone());
            }
            dated.apply(fact);
            watch.apply(fact);
        });
        match (compared, compared_at) {
            (_, Some(at)) => {
                before = before.or_else(|| Some(watch.sight(*at, now.yardstick).before()));
            }
            (Some(place), None) => before = self.read(&[place], health_before).pop(),
            (None, None) => {}
        }
        if midnight.is_none() {
            at_midnight = last.and_then(|last| self.watch_at(last));
        }
        Folded { dated, watch, at_midnight, before }
    }

    /// The alerts on continuous figures; `watch` is the account at the last midnight.
    fn continuous(&self, watch: &Watch<'p>, before: Option<&Before>) -> Vec<Found> {
        let instants = &self.midnights.instants;
        let Some(last) = instants.len().checked_sub(1) else { return Vec::new() };
        let (Some(span), Some(at)) = (self.span_of(last), instants.get(last).copied()) else {
            return Vec::new();
        };
        let now = watch.sight(at, span.yardstick);
        let holds = |kind: &AlertKind| now.holds(*kind, before, self.policy);
        let standing = AlertKind::CONTINUOUS.into_iter().filter(holds);
        let mut standing: Vec<_> = standing.map(|kind| Standing { kind, since: at, goes_on: true }).collect();
        self.step_back(&mut standing, last);
        let found = |standing: &Standing| {
            let (why, events) = self.why(standing.kind, at, &now, before, watch)?;
            Some(Found { since: standing.since, since_or_earlier: standing.goes_on, why, events })
        };
        standing.iter().filter_map(found).collect()
    }

    /// Finds where the rows of midnights begin that end at the place `last`.
    fn step_back(&self, standing: &mut [Standing], last: usize) {
        let (mut until, mut at_once) = (last, READ_FIRST);
        while until > self.midnights.compared && standing.iter().any(|one| one.goes_on) {
            let from = until.saturating_sub(at_once).max(self.midnights.compared);
            let falling = is_falling(standing);
            let back = if falling { self.midnights.compared } else { 0 };
            let wanted: Vec<usize> = (from - back..until).collect();
            let past = self.read(&wanted, |sight| self.past(sight, standing));
            for place in (from..until).rev() {
                let Some((at, now)) = self.midnights.instants.get(place).zip(past.get(place + back - from))
                else {
                    continue;
                };
                let before = if falling { past.get(place - from) } else { None };
                for (one, held) in standing.iter_mut().zip(&now.holds).filter(|(one, _)| one.goes_on) {
                    let fell = one.kind == AlertKind::HealthFallen;
                    if if fell { now.fell_since(before, self.policy) } else { *held } {
                        one.since = *at;
                    } else {
                        one.goes_on = false;
                    }
                }
            }
            (until, at_once) = (from, 2 * at_once);
        }
    }

    /// Reads a midnight of the past.
    fn past(&self, sight: &Sight<'_, 'p>, standing: &[Standing]) -> Past {
        let holds = |one: &Standing| {
            one.goes_on && one.kind != AlertKind::HealthFallen && sight.holds(one.kind, None, self.policy)
        };
        Past {
            holds: standing.iter().map(holds).collect(),
            eligible: sight.is_eligible(),
            began: sight.has_begun(),
            health: is_falling(standing).then(|| sight.health().value),
        }
    }

    /// The span that a midnight lies in.
    fn span_of(&self, place: usize) -> Option<&Span<'p>> {
        let after = self.spans.partition_point(|span| span.first <= place);
        self.spans.get(after.checked_sub(1)?)
    }

    /// What `read` makes of some midnights, by ascending place. Cost: O(events) for each span among them.
    fn read<T>(&self, wanted: &[usize], read: impl Fn(&Sight<'_, 'p>) -> T) -> Vec<T> {
        let mut found = Vec::with_capacity(wanted.len());
        let mut rest = wanted;
        while let Some(span) = rest.first().and_then(|first| self.span_of(*first)) {
            let end =
                self.spans.iter().find(|next| next.first > span.first).map_or(usize::MAX, |next| next.first);
            let (here, after) = rest.split_at(rest.partition_point(|place| *place < end));
            let midnights: Vec<Timestamp> =
                here.iter().filter_map(|place| self.midnights.instants.get(*place).copied()).collect();
            self.read_span(span, &midnights, |sight| found.push(read(sight)));
            rest = after;
        }
        found
    }

    fn read_span(&self, span: &Span<'p>, midnights: &[Timestamp], mut read: impl FnMut(&Sight<'_, 'p>)) {
        let Some(last) = midnights.last() else { return };
        let mut lookout = Lookout::new(span.setting);
        let mut waiting = midnights.iter().peekable();
        self.image.visit(*last, self.known_at, |fact| {
            while let Some(midnight) = waiting.next_if(|midnight| **midnight < fact.occurred_at) {
                read(&lookout.sight(*midnight, span.yardstick));
            }
            lookout.apply(fact);
        });
        for midnight in waiting {
            read(&lookout.sight(*midnight, span.yardstick));
        }
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
        now: &Sight<'_, 'p>,
        before: Option<&Before>,
        watch: &Watch<'p>,
    ) -> Option<(Why, Vec<EventRef>)> {
        let one = |event: Option<EventRef>| event.into_iter().collect::<Vec<_>>();
        let said = match kind {
            AlertKind::DeclinePredicted => {
                let next = now.next()?;
                let silent_days = now.silence().map(|silence| silence.days);
                (
                    Why::DeclinePredicted { at: next.at, because: next.cause, silent_days },
                    one(watch.last_order()),
                )
            }
            AlertKind::Silent => {
                let silence = now.silence()?;
                let why = Why::Silent { p: silence.survival, silent_days: silence.days, next: now.next() };
                (why, one(watch.last_order()))
            }
            AlertKind::CoverageLow => {
                let coverage = now.health().dimensions.coverage.value;
                let roles_silent = watch.roles_silent(at);
                (Why::CoverageLow { coverage, roles_silent }, one(watch.last_heard(Dimension::Coverage)))
            }
            AlertKind::DecisionSilent => {
                let (silent_days, last_contact) = (now.decision_silent_days(), now.decision_last());
                (Why::DecisionSilent { silent_days, last_contact }, one(watch.last_with_decision()))
            }
            AlertKind::SingleThreaded => {
                let why = Why::SingleThreaded { living_contacts: now.living_contacts(), score: now.score() };
                (why, one(watch.last_heard(Dimension::Coverage)))
            }
            AlertKind::OneColleague => {
                let busiest = now.busiest()?;
                let why = Why::OneColleague { person: busiest.person, share: busiest.share };
                (why, one(watch.last_heard(Dimension::Coverage)))
            }
            AlertKind::HealthFallen => self.fallen(now, before?, watch),
            AlertKind::Exposed => (Why::Exposed { exposure: now.exposure() }, self.concessions(at)),
            AlertKind::EffortTooLow => {
                (Why::EffortTooLow { ratio: now.effort_ratio()? }, one(watch.last_effort()))
            }
            AlertKind::EffortTooHigh => {
                (Why::EffortTooHigh { ratio: now.effort_ratio()? }, one(watch.last_effort()))
            }
            AlertKind::EvaluationOverdue => {
                let last = watch.last_evaluation().map(|event| event.occurred_at);
                (Why::EvaluationOverdue { due: now.next_evaluation()?, last }, one(watch.clock_started()))
            }
            AlertKind::ConfidenceLow => {
                (Why::ConfidenceLow { confidence: now.health().confidence }, one(watch.clock_started()))
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
    fn fallen(&self, now: &Sight<'_, 'p>, before: &Before, watch: &Watch<'p>) -> (Why, Vec<EventRef>) {
        let mut dimensions = health_moves(&before.health.dimensions, &now.health().dimensions);
        dimensions.retain(|moved| moved.points < 0.0);
        let mut events: Vec<EventRef> =
            dimensions.iter().filter_map(|moved| watch.last_heard(moved.dimension)).collect();
        events.sort_by_key(|event| event.position);
        events.dedup();
        let (from, to) = (before.health.value, now.health().value);
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

impl Past {
    /// Whether health had fallen since another midnight.
    fn fell_since(&self, before: Option<&Self>, policy: &AlertsPolicy) -> bool {
        let before = before.filter(|before| self.eligible && before.began).and_then(|before| before.health);
        before.zip(self.health).is_some_and(|(before, now)| has_fallen(before, now, policy))
    }
}
