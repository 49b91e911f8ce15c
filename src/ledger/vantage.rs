//! Vantage points: what holds beside the facts at each of many instants, so that accounts can be read at all of them
//! in few passes.
//!
//! Between two instants of one quarter nothing changes but what the ledger's own stream says in between. So a run of
//! instants shares a vantage, and an account is folded once for the whole run. Where the epoch takes values at T
//! itself, for want of any at the quarter's start, the run is split as far as needed.

use std::sync::{Arc, Mutex, PoisonError};

use guanxi_projections::alerts::Lookout;
use guanxi_projections::epoch::Quarter;
use guanxi_projections::evaluation::Yardstick;
use guanxi_projections::event::EventType;
use guanxi_projections::history;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::policy::Policy;
use guanxi_projections::setting::Setting;
use guanxi_projections::time::{Timestamp, When};

use super::ask::Ground;
use super::epochs::EpochAt;
use super::image::Facts;
use super::{Asked, Ledger, LedgerError, PolicyChoice, shared};

/// So many yardsticks are kept.
const KEPT: usize = 64;

/// What holds at an instant.
pub(super) struct Vantage {
    pub(super) ground: Ground,
    pub(super) epoch: EpochAt,
    pub(super) yardstick: Option<Yardstick>,
}

/// What holds from one of many instants on.
pub(super) struct Stretch {
    /// The place of the first instant.
    pub(super) first: usize,
    pub(super) vantage: Vantage,
    /// Whether, apart from the key list, all is as in the stretch before.
    alike: bool,
}

/// Which instants, as known when.
pub(super) struct Instants<'a> {
    pub(super) at: &'a [Timestamp],
    pub(super) known_at: Timestamp,
    pub(super) policy: &'a PolicyChoice,
}

/// Whether accounts are held against a yardstick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measuring {
    WithYardstick,
    FiguresAlone,
}

/// The yardsticks asked for lately, newest last.
#[derive(Debug, Default)]
pub(super) struct Yardsticks {
    kept: Mutex<Vec<(Key, Option<Yardstick>)>>,
}

/// What a yardstick depends on.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    at: Timestamp,
    until: Timestamp,
    known_at: Timestamp,
    policy: Arc<Policy>,
}

impl Ledger {
    /// What holds at the coordinates asked for.
    pub(super) fn vantage(
        &self,
        facts: &Facts,
        asked: &Asked,
        measuring: Measuring,
    ) -> Result<Vantage, LedgerError> {
        let ground = self.ground(asked, facts)?;
        let epoch = self.epoch(facts, &ground);
        let mut vantage = Vantage { ground, epoch, yardstick: None };
        if measuring == Measuring::WithYardstick {
            vantage.yardstick = self.yardstick(facts, &vantage)?;
        }
        Ok(vantage)
    }

    /// What holds at each of many instants, ascending, all as known at one K.
    pub(super) fn stretches(
        &self,
        facts: &Facts,
        instants: &Instants<'_>,
        measuring: Measuring,
    ) -> Result<Vec<Stretch>, LedgerError> {
        let mut stretches = Vec::new();
        let firsts = self.firsts(facts, instants);
        for (place, first) in firsts.iter().enumerate() {
            let until = firsts.get(place + 1).copied().unwrap_or(instants.at.len());
            self.stretch(facts, instants, (*first, until), measuring, &mut stretches)?;
        }
        for place in 1..stretches.len() {
            if let Some([before, after]) = stretches.get_mut(place - 1..=place) {
                after.alike = before.vantage.is_like(&after.vantage);
            }
        }
        Ok(stretches)
    }

    /// The places at which something may change: where a quarter begins, and where the ledger's own stream spoke.
    fn firsts(&self, facts: &Facts, instants: &Instants<'_>) -> Vec<usize> {
        let Some(last) = instants.at.last() else { return Vec::new() };
        let own = history::effective(facts.own(), *last, instants.known_at);
        let speaks = |event_type| {
            matches!(
                event_type,
                EventType::ReviewHeld
                    | EventType::CalibrationFitted
                    | EventType::AnchorsFrozen
                    | EventType::PolicyAdopted
                    | EventType::RateSet
                    | EventType::IndustryRated
            )
        };
        let spoken: Vec<Timestamp> = own
            .iter()
            .filter(|event| speaks(event.event.event_type()))
            .map(|event| event.occurred_at)
            .collect();
        let changed = |pair: &[Timestamp]| {
            let [before, after] = pair else { return false };
            Quarter::of(*before, self.zone()) != Quarter::of(*after, self.zone())
                || spoken.iter().any(|at| at > before && at <= after)
        };
        let later = instants.at.windows(2).enumerate().filter(|(_, pair)| changed(pair));
        std::iter::once(0).chain(later.map(|(place, _)| place + 1)).collect()
    }

    /// Adds the stretch of the places `from..until`, in as many parts as differ.
    fn stretch(
        &self,
        facts: &Facts,
        instants: &Instants<'_>,
        (from, until): (usize, usize),
        measuring: Measuring,
        stretches: &mut Vec<Stretch>,
    ) -> Result<(), LedgerError> {
        let vantage = |place: usize, measuring| {
            let at = instants.at.get(place).copied().unwrap_or(Timestamp::MAX);
            let (as_of, known_at) = (Some(When::At(at)), Some(When::At(instants.known_at)));
            self.vantage(facts, &Asked { as_of, known_at, policy: instants.policy.clone() }, measuring)
        };
        let first = vantage(from, measuring)?;
        // With a whole epoch at the quarter's start nothing can differ; else the ends of the run are compared.
        let same = until - from == 1
            || first.epoch.epoch.is_complete() && measuring == Measuring::FiguresAlone
            || first.is_like(&vantage(until - 1, measuring)?);
        if same {
            stretches.push(Stretch { first: from, vantage: first, alike: false });
            return Ok(());
        }
        let middle = from.midpoint(until);
        self.stretch(facts, instants, (from, middle), measuring, stretches)?;
        self.stretch(facts, instants, (middle, until), measuring, stretches)
    }

    /// What accounts are held against: what they come to at the start of T's quarter; where none has a score there,
    /// at T itself.
    fn yardstick(&self, facts: &Facts, vantage: &Vantage) -> Result<Option<Yardstick>, LedgerError> {
        let Ground { coordinates, policy, .. } = &vantage.ground;
        let start = Quarter::of(coordinates.as_of, self.zone()).start(self.zone());
        let asked = Asked {
            as_of: Some(When::At(start)),
            known_at: Some(When::At(coordinates.known_at)),
            policy: PolicyChoice::File(Arc::clone(policy)),
        };
        let at_start = self.vantage(facts, &asked, Measuring::FiguresAlone)?;
        let measured = self.measured(facts, &at_start, (start, start.plus_micros(-1)));
        Ok(measured.or_else(|| self.measured(facts, vantage, (coordinates.as_of, coordinates.as_of))))
    }

    /// What the eligible accounts come to at an instant, from what happened up to another.
    fn measured(
        &self,
        facts: &Facts,
        vantage: &Vantage,
        (at, until): (Timestamp, Timestamp),
    ) -> Option<Yardstick> {
        let known_at = vantage.ground.coordinates.known_at;
        let key = Key { at, until, known_at, policy: Arc::clone(&vantage.ground.policy) };
        let lock = || self.yardsticks.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, kept)) = lock().iter().find(|(kept, _)| *kept == key) {
            return *kept;
        }
        let accounts: Vec<(&AccountId, &Image)> = facts.accounts().iter().collect();
        let weight = |(account, image): &(&AccountId, &Image)| {
            let setting = self.setting(&vantage.ground, &vantage.epoch, account, image);
            let mut lookout = Lookout::new(setting);
            image.visit(until, known_at, |fact| lookout.apply(fact));
            lookout.weight(at)
        };
        let weights: Vec<_> = shared::map(&accounts, weight, |_| ()).into_iter().flatten().collect();
        let yardstick = Yardstick::measure(&weights);
        let mut kept = lock();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, yardstick));
        yardstick
    }
}

impl Stretch {
    /// One instant, which shares nothing with the one before.
    pub(super) fn alone(first: usize, vantage: Vantage) -> Self {
        Self { first, vantage, alike: false }
    }
}

impl Vantage {
    /// Whether all but the key list is the same.
    fn is_like(&self, other: &Self) -> bool {
        self.ground.is_like(&other.ground)
            && self.epoch.is_like(&other.epoch)
            && self.yardstick == other.yardstick
    }
}

/// A run of instants that an account is read at with one setting.
pub(super) struct Run<'p> {
    /// The place of its first instant.
    pub(super) first: usize,
    pub(super) setting: Setting<'p>,
    pub(super) yardstick: Option<&'p Yardstick>,
    pub(super) known_at: Timestamp,
}

/// The runs of instants that an account is read in, ascending.
pub(super) fn settings_of<'p>(
    ledger: &Ledger,
    stretches: &'p [Stretch],
    account: &AccountId,
    image: &'p Image,
) -> Vec<Run<'p>> {
    let mut runs: Vec<Run<'p>> = Vec::new();
    for Stretch { first, vantage, alike } in stretches {
        let setting = ledger.setting(&vantage.ground, &vantage.epoch, account, image);
        let goes_on =
            |before: &Run<'p>| *alike && before.setting.key_account.member == setting.key_account.member;
        if !runs.last().is_some_and(goes_on) {
            let (yardstick, known_at) = (vantage.yardstick.as_ref(), vantage.ground.coordinates.known_at);
            runs.push(Run { first: *first, setting, yardstick, known_at });
        }
    }
    runs
}
