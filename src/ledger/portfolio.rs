//! The portfolio: at any coordinates, over time, and between two dates.

use std::ops::ControlFlow;

use guanxi_projections::account::{AccountState, AccountView};
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::diff::{Difference, Side};
use guanxi_projections::health::Colour;
use guanxi_projections::id::{AccountId, Alias};
use guanxi_projections::image::Image;
use guanxi_projections::measure::Measure;
use guanxi_projections::movement::{Between, Direction, MovementLine, Stood, movement};
use guanxi_projections::portfolio::{PortfolioView, Standing, places};
use guanxi_projections::position::Position;
use guanxi_projections::projection::fold;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::{Timestamp, When};
use serde::Serialize;

use super::facets::{Facets, facets};
use super::image::Facts;
use super::trend::Seen;
use super::vantage::{Measuring, Vantage};
use super::{AccountRow, Asked, Ledger, LedgerError, PolicyChoice, Sight, shared};

/// Which accounts are wanted; empty lists want all.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Of these alone; shares, ranks and percentiles are among these, too.
    pub within: Sight,
    /// In these stages.
    pub stages: Vec<Stage>,
    /// With these colours of health.
    pub colours: Vec<Colour>,
    /// In these quadrants.
    pub quadrants: Vec<Quadrant>,
    /// That this person answers for.
    pub owner: Option<Alias>,
    /// That nobody answers for.
    pub unowned: bool,
    /// Key accounts alone.
    pub key: bool,
    /// With at least this score.
    pub score_min: Option<f64>,
}

/// The portfolio, with its coordinates beside its fields.
#[derive(Debug, Clone, Serialize)]
pub struct PortfolioAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The portfolio, with pseudonyms.
    #[serde(flatten)]
    pub view: PortfolioView,
}

/// What moved between two dates.
#[derive(Debug, Clone, Serialize)]
pub struct MovementAnswer {
    /// The coordinates of the first date.
    pub from: Coordinates,
    /// The coordinates of the second.
    pub to: Coordinates,
    /// Accounts that stand elsewhere, by id, with pseudonyms.
    #[serde(rename = "accounts")]
    pub lines: Vec<MovementLine>,
    /// What tells the events behind it from others of their type.
    #[serde(skip)]
    pub facets: Facets,
}

/// What a movement is asked over.
#[derive(Debug, Clone)]
pub struct MovementAsked {
    /// The first date.
    pub from: When,
    /// The second.
    pub to: When,
    /// As known when.
    pub seen: Seen,
    /// Of these accounts alone; ranks are among these.
    pub within: Sight,
}

/// What a filter reads of an account.
struct Outward<'a> {
    stage: Option<Stage>,
    colour: Colour,
    quadrant: Quadrant,
    owner: Option<&'a Alias>,
    key: bool,
    score: f64,
}

impl AccountFilter {
    /// Whether an account of these figures is wanted.
    pub(super) fn wants(&self, view: &AccountView, owner: Option<&Alias>) -> bool {
        let figures = &view.figures;
        self.fits(&Outward {
            stage: figures.stage.as_ref().map(|stage| stage.name),
            colour: figures.health.colour,
            quadrant: view.quadrant,
            owner,
            key: view.key_account.member,
            score: figures.score.value,
        })
    }

    /// Whether the account of a row is wanted.
    pub(super) fn wants_row(&self, row: &AccountRow) -> bool {
        let AccountRow { stage, colour, quadrant, owner, key_account, score, .. } = row;
        self.fits(&Outward {
            stage: Some(*stage),
            colour: *colour,
            quadrant: *quadrant,
            owner: owner.as_ref(),
            key: *key_account,
            score: *score,
        })
    }

    fn fits(&self, account: &Outward<'_>) -> bool {
        (self.stages.is_empty() || account.stage.is_some_and(|stage| self.stages.contains(&stage)))
            && (self.colours.is_empty() || self.colours.contains(&account.colour))
            && (self.quadrants.is_empty() || self.quadrants.contains(&account.quadrant))
            && self.owner.as_ref().is_none_or(|wanted| account.owner == Some(wanted))
            && !(self.unowned && account.owner.is_some())
            && (!self.key || account.key)
            && self.score_min.is_none_or(|least| account.score >= least)
    }
}

impl Ledger {
    /// The portfolio at T, as known at K. `progress` hears how many accounts are done, and of how many.
    ///
    /// # Errors
    /// What the log reports.
    pub fn portfolio(
        &self,
        asked: &Asked,
        filter: &AccountFilter,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<PortfolioAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let vantage = self.vantage(&facts, asked, Measuring::WithYardstick)?;
        let Coordinates { as_of, known_at, .. } = vantage.ground.coordinates;
        let accounts = filter.within.of(facts.accounts());
        let stand = |(account, image): &(&AccountId, &Image)| {
            let setting = self.setting(&vantage.ground, &vantage.epoch, account, image);
            Standing::of(account, image, setting, vantage.yardstick.as_ref(), (as_of, known_at))
        };
        let standings: Vec<Standing> = shared::map(&accounts, stand, |done| progress(done, accounts.len()))
            .into_iter()
            .flatten()
            .collect();
        let wanted = |standing: &Standing| {
            let owner = standing.view.owner.map(|person| self.people.alias(person));
            filter.wants(&standing.view, owner.as_ref())
        };
        let view = PortfolioView::of(&standings, wanted, &vantage.ground.policy, as_of);
        Ok(PortfolioAnswer { coordinates: vantage.ground.coordinates, view })
    }

    /// Who stands elsewhere at the second date than at the first, and what moved them. `progress` hears how much of the
    /// work is done, and of how much, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::Stopped`]; what the log reports.
    pub fn movement(
        &self,
        movement: &MovementAsked,
        asked: &Asked,
        progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<MovementAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let now = self.clock.now().truncated_to_second();
        let vantage = |when: When| {
            let at = When::At(when.instant(self.zone()).min(now));
            self.vantage(&facts, &self.asked_at(at, movement.seen, asked), Measuring::FiguresAlone)
        };
        let (before, after) = (vantage(movement.from)?, vantage(movement.to)?);
        let lines = self.moved(&movement.within.of(facts.accounts()), (&before, &after), progress);
        let lines = lines.ok_or(LedgerError::Stopped)?;
        let (from, to) = (before.ground.coordinates, after.ground.coordinates);
        let told_apart = facets_behind(&facts, &lines, from.known_at.max(to.known_at));
        Ok(MovementAnswer { from, to, lines, facets: told_apart })
    }

    /// The coordinates of a point in time: as known at K, or at the point itself.
    pub(super) fn asked_at(&self, at: When, seen: Seen, asked: &Asked) -> Asked {
        let instant = at.instant(self.zone());
        let known_at = match (seen, asked.known_at) {
            (Seen::Now, known_at) => known_at,
            (Seen::Then, None) => Some(When::At(instant)),
            (Seen::Then, Some(known_at)) => Some(When::At(known_at.instant(self.zone()).min(instant))),
        };
        Asked { as_of: Some(at), known_at, policy: PolicyChoice::clone(&asked.policy) }
    }

    /// The accounts that moved; `None` when `progress` says to stop.
    fn moved(
        &self,
        accounts: &[(&AccountId, &Image)],
        (before, after): (&Vantage, &Vantage),
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Option<Vec<MovementLine>> {
        let all = accounts.len();
        let old = self.stood(accounts, before, |done| progress(done, 3 * all))?;
        let new = self.stood(accounts, after, |done| progress(all + done, 3 * all))?;
        let (from, to) = (before.ground.coordinates, after.ground.coordinates);
        let (later, policy) = if from.as_of <= to.as_of { (to, after) } else { (from, before) };
        let between = Between {
            from: from.as_of,
            to: to.as_of,
            known_at: later.known_at,
            policy: &policy.ground.policy.portfolio,
        };
        let places: Vec<usize> = (0..all).collect();
        let line = |place: &usize| {
            let (account, image) = *accounts.get(*place)?;
            let stood = [&old, &new].map(|stood| stood.get(*place).and_then(Option::as_ref));
            let mut line = movement(stood[0], stood[1], image, &between)?;
            let moved = line.measures();
            if !moved.is_empty() {
                let (difference, direction) = self.difference(account, image, (before, after), &moved);
                line.trace(&difference, direction);
            }
            Some(line)
        };
        let lines = shared::map_while(&places, line, |done| progress(2 * all + done, 3 * all))?;
        Some(lines.into_iter().flatten().collect())
    }

    /// Why an account's figures differ, taken from the earlier to the later of the two.
    fn difference(
        &self,
        account: &AccountId,
        image: &Image,
        (before, after): (&Vantage, &Vantage),
        moved: &[Measure],
    ) -> (Difference, Direction) {
        let [from, to] = [before, after].map(|vantage| Side {
            as_of: vantage.ground.coordinates.as_of,
            known_at: vantage.ground.coordinates.known_at,
            setting: self.setting(&vantage.ground, &vantage.epoch, account, image),
        });
        if from.as_of <= to.as_of {
            (Difference::traced(account, image, (&from, &to), moved), Direction::Forwards)
        } else {
            (Difference::traced(account, image, (&to, &from), moved), Direction::Backwards)
        }
    }

    /// How every account stood; `None` when `progress` says to stop.
    fn stood(
        &self,
        accounts: &[(&AccountId, &Image)],
        vantage: &Vantage,
        progress: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Option<Vec<Option<Stood>>> {
        let Coordinates { as_of, known_at, .. } = vantage.ground.coordinates;
        let view = |(account, image): &(&AccountId, &Image)| {
            let setting = self.setting(&vantage.ground, &vantage.epoch, account, image);
            let view = fold(AccountState::new(AccountId::clone(account), setting), image, as_of, known_at);
            (view.events > 0).then_some(view)
        };
        let views = shared::map_while(accounts, view, progress)?;
        let eligible = |view: &AccountView| view.closed_at.is_none() && view.merged_into.is_none();
        let places = places(views.iter().flatten().map(|view| (view, eligible(view))));
        let mut places = places.into_iter();
        let stood = |view: Option<_>| view.map(|view| Stood { view, place: places.next().flatten() });
        Some(views.into_iter().map(stood).collect())
    }
}

/// The facets of the events that movements name.
fn facets_behind(facts: &Facts, lines: &[MovementLine], known_at: Timestamp) -> Facets {
    let of = |line: &MovementLine| {
        let named: Vec<Position> = line.events().map(|event| event.position).collect();
        let image = facts.accounts().get(&line.account).filter(|_| !named.is_empty());
        image.map(|image| facets(image, named, (Timestamp::MAX, known_at))).unwrap_or_default()
    };
    lines.iter().flat_map(of).collect()
}
