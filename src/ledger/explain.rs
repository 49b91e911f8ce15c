//! Reasons: what each event contributes to a figure, and why a stage is what it is.

use std::collections::BTreeMap;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::explain::{Explainer, Explanation};
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::position::Position;
use guanxi_projections::projection::fold;
use guanxi_projections::stage::{StageExplainer, StageReasons};
use serde::Serialize;

use super::facets::{Facets, facets};
use super::{Asked, Ledger, LedgerError};

/// The reasons for a figure.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainAnswer {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The reasons.
    #[serde(flatten)]
    pub explanation: Explanation,
    /// What the listed events say in words, by position.
    pub said: BTreeMap<Position, String>,
    /// What tells the listed events from others of their type.
    #[serde(skip)]
    pub facets: Facets,
}

/// The reasons for a stage.
#[derive(Debug, Clone, Serialize)]
pub struct StageAnswer {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The reasons.
    pub stage: StageReasons,
}

impl Ledger {
    /// What each event contributes to a measure of an account at T, as known at K; at most `top` events are listed
    /// one by one.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event there.
    pub fn explain(
        &self,
        account: &AccountId,
        measure: Measure,
        asked: &Asked,
        top: usize,
    ) -> Result<ExplainAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let image = facts.known(account, &ground.coordinates)?;
        let epoch = self.epoch(&facts, &ground);
        let setting = self.setting(&ground, &epoch, account, image);
        let explanation = fold(Explainer::new(setting), image, as_of, known_at).of(measure).top(top);
        let listed = || explanation.contributions.iter().map(|one| one.event.position);
        let said = self.said_at(account, &ground.coordinates, listed())?;
        let name = Self::name_of(&facts, &ground, account)?;
        Ok(ExplainAnswer {
            account: account.clone(),
            name,
            coordinates: ground.coordinates,
            facets: facets(image, listed(), (as_of, known_at)),
            said,
            explanation,
        })
    }

    /// Why the stage of an account at T, as known at K, is what it is.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event there.
    pub fn explain_stage(&self, account: &AccountId, asked: &Asked) -> Result<StageAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let image = facts.known(account, &ground.coordinates)?;
        let explainer = StageExplainer::new(&ground.policy, self.zone(), &ground.rates);
        let stage = fold(explainer, image, as_of, known_at);
        let stage = stage.ok_or_else(|| LedgerError::AccountUnknown(account.clone()))?;
        let name = Self::name_of(&facts, &ground, account)?;
        Ok(StageAnswer { account: account.clone(), name, coordinates: ground.coordinates, stage })
    }
}
