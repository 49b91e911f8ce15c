//! Epochs: what is measured over the whole portfolio, kept for the next question with the same coordinates.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use guanxi_projections::directives::Directives;
use guanxi_projections::epoch::{Epoch, Quarter, Sample, Survey};
use guanxi_projections::history;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::policy::Policy;
use guanxi_projections::rates::Rates;
use guanxi_projections::time::{Timestamp, Zone};

use super::image::Facts;
use super::reach::Known;
use super::shared;

/// At most so many surveys are kept.
const KEPT_MAX: usize = 256;
/// At most so many accounts' samples are kept in all, the newest survey apart.
const SAMPLES_MAX: usize = 400_000;

/// The surveys asked for lately, the last one at the end.
#[derive(Debug, Default)]
pub(super) struct Epochs {
    kept: Mutex<VecDeque<Kept>>,
}

/// A survey that was taken, or is being taken: whoever asks for it too waits instead of taking it again.
#[derive(Debug)]
struct Kept {
    key: Key,
    survey: Arc<OnceLock<Arc<Surveyed>>>,
}

/// What a survey depends on.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    until: Timestamp,
    reads_at: Timestamp,
    known: Known,
    policy: Arc<Policy>,
}

/// A survey's result.
#[derive(Debug)]
struct Surveyed {
    /// The last instant whose events count.
    until: Timestamp,
    epoch: Epoch,
    samples: BTreeMap<AccountId, Sample>,
}

/// The epoch at the coordinates of a question, with what each account added to its counts.
#[derive(Debug)]
pub(super) struct EpochAt {
    pub(super) epoch: Epoch,
    counted: Arc<Surveyed>,
}

impl EpochAt {
    /// Whether the other one has the same values, and the same counts behind them.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.counted, &other.counted) && self.epoch == other.epoch
    }

    /// What every account added to the counts.
    pub(super) fn samples(&self) -> &BTreeMap<AccountId, Sample> {
        &self.counted.samples
    }

    /// The last instant whose events are in the counts.
    pub(super) fn counted_until(&self) -> Timestamp {
        self.counted.until
    }

    /// What an account added to the counts.
    pub(super) fn own(&self, account: &AccountId) -> Option<&Sample> {
        self.counted.samples.get(account)
    }
}

/// What an epoch is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct EpochQuestion<'a> {
    pub(super) policy: &'a Arc<Policy>,
    pub(super) zone: Zone,
    pub(super) as_of: Timestamp,
    pub(super) known_at: Timestamp,
    pub(super) directives: &'a Directives,
}

impl Epochs {
    /// The epoch of T's quarter as known at K: a recorded `anchors.frozen` goes before what is measured at the
    /// quarter's start. What no account has by then, in either, is taken at T itself: so freezing what is measured
    /// changes no figure.
    pub(super) fn at(&self, facts: &Facts, question: EpochQuestion<'_>) -> EpochAt {
        let EpochQuestion { zone, as_of, directives, .. } = question;
        let quarter = Quarter::of(as_of, zone);
        let at_start = self.survey(facts, &question, Moment::Start(quarter));
        let mut counted = Arc::clone(&at_start);
        let mut epoch = at_start.epoch.clone();
        if let Some(anchors) = directives.anchors(quarter) {
            epoch = epoch.frozen(anchors);
        }
        if !epoch.is_complete() {
            let at_end = self.survey(facts, &question, Moment::Itself(as_of));
            if epoch.totals == [0, 0] {
                counted = Arc::clone(&at_end);
            }
            epoch = epoch.or(at_end.epoch.clone());
        }
        epoch.industries.clone_from(&directives.industries);
        EpochAt { epoch, counted }
    }

    /// What is measured at the start of T's quarter, from what happened before it; nothing is taken from T itself.
    pub(super) fn at_start(&self, facts: &Facts, question: EpochQuestion<'_>) -> Epoch {
        let quarter = Quarter::of(question.as_of, question.zone);
        self.survey(facts, &question, Moment::Start(quarter)).epoch.clone()
    }

    fn survey(&self, facts: &Facts, question: &EpochQuestion<'_>, moment: Moment) -> Arc<Surveyed> {
        let EpochQuestion { policy, zone, known_at, .. } = *question;
        let until = moment.until(zone);
        let (reads_at, _) = moment.reads(zone, policy);
        let known = facts.reach().known(known_at, until);
        let slot = self.slot(Key { until, reads_at, known, policy: Arc::clone(policy) });
        Arc::clone(slot.get_or_init(|| Arc::new(survey(facts, question, moment))))
    }

    /// The place of a survey; those that nobody asked for lately make room.
    fn slot(&self, key: Key) -> Arc<OnceLock<Arc<Surveyed>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.iter().position(|kept| kept.key == key).and_then(|place| kept.remove(place))
        {
            let slot = Arc::clone(&found.survey);
            kept.push_back(found);
            return slot;
        }
        let samples = |kept: &Kept| kept.survey.get().map_or(0, |survey| survey.samples.len());
        let mut samples_kept: usize = kept.iter().map(samples).sum();
        while kept.len() >= KEPT_MAX || samples_kept > SAMPLES_MAX {
            samples_kept -= kept.pop_front().as_ref().map_or(samples_kept, samples);
        }
        let slot = Arc::default();
        kept.push_back(Kept { key, survey: Arc::clone(&slot) });
        slot
    }
}

/// When a survey is taken.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// At the start of a quarter, from what happened before it.
    Start(Quarter),
    /// At T, from what happened up to it.
    Itself(Timestamp),
}

impl Moment {
    /// The last instant whose events count.
    fn until(self, zone: Zone) -> Timestamp {
        match self {
            Self::Start(quarter) => quarter.start(zone).plus_micros(-1),
            Self::Itself(as_of) => as_of,
        }
    }

    /// Where the figures are read, and at which earlier quarter starts too.
    fn reads(self, zone: Zone, policy: &Policy) -> (Timestamp, Vec<Timestamp>) {
        match self {
            Self::Start(quarter) => {
                let back = (1..policy.epoch.quarters).rev();
                let earlier = back.filter_map(|quarters| quarter.earlier(quarters));
                (quarter.start(zone), earlier.map(|quarter| quarter.start(zone)).collect())
            }
            Self::Itself(as_of) => (as_of, Vec::new()),
        }
    }
}

fn survey(facts: &Facts, question: &EpochQuestion<'_>, moment: Moment) -> Surveyed {
    let EpochQuestion { policy, zone, known_at, .. } = *question;
    let until = moment.until(zone);
    let (reads_at, earlier) = moment.reads(zone, policy);
    let own = history::effective(facts.own(), until, known_at);
    let rates = Rates::from_history(&own, zone);
    let reviewed: BTreeSet<AccountId> = Directives::from_history(&own, zone).reviewed();
    let survey =
        Survey { policy, zone, rates: &rates, known_at, until, reads_at, earlier, reviewed: &reviewed };
    let accounts: Vec<(&AccountId, &Image)> = facts.accounts().iter().collect();
    let take = |(account, image): &(&AccountId, &Image)| {
        Sample::take(account, image, &survey).map(|sample| (AccountId::clone(account), sample))
    };
    let samples: BTreeMap<AccountId, Sample> =
        shared::map(&accounts, take, |_| ()).into_iter().flatten().collect();
    let epoch = Epoch::measure(&samples, &policy.epoch);
    Surveyed { until, epoch, samples }
}
