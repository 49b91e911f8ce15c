//! What experience says of an account, with the accounts and the statements behind every term.

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::directives::Statement;
use guanxi_projections::epoch::{Case, Counts, Sample};
use guanxi_projections::experience::Term;
use guanxi_projections::figures::Figures;
use guanxi_projections::id::AccountId;
use guanxi_projections::profile::Profile;
use guanxi_projections::projection::Projection as _;
use guanxi_projections::time::Timestamp;
use serde::Serialize;

use super::{Asked, Ledger, LedgerError};

/// What experience says of an account.
#[derive(Debug, Clone, Serialize)]
pub struct ExperienceAnswer {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The fit, 0 to 1.
    pub fit: f64,
    /// Good accounts and others behind it, this one left out.
    pub cases: Counts,
    /// The cases count what happened up to this instant.
    pub counted_until: Timestamp,
    /// The terms of its log odds; empty while too few cases are known.
    pub terms: Vec<ExperienceLine>,
    /// What experts stated of its industry.
    pub statements: Vec<Statement>,
}

/// A term, with the accounts that have the same value.
#[derive(Debug, Clone, Serialize)]
pub struct ExperienceLine {
    /// What it adds.
    #[serde(flatten)]
    pub term: Term,
    /// Good accounts with that value.
    pub good: Vec<AccountId>,
    /// Others with that value.
    pub other: Vec<AccountId>,
}

impl Ledger {
    /// What experience says of an account at T, as known at K.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event there.
    pub fn experience(&self, account: &AccountId, asked: &Asked) -> Result<ExperienceAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let unknown = || LedgerError::AccountUnknown(account.clone());
        let image = facts.accounts().get(account).filter(|image| image.is_known(as_of, known_at));
        let image = image.ok_or_else(unknown)?;
        let epoch = self.epoch(&facts, &ground);
        let mut figures: Figures<'_> = Figures::new(self.setting(&ground, &epoch, account, image));
        image.visit(as_of, known_at, |fact| figures.apply(fact));
        let (profile, view) = (figures.profile(), figures.experience());
        let others = || epoch.samples().iter().filter(|(other, _)| *other != account);
        let line = |term: Term| {
            let with = |case| {
                let alike = others().filter(|(_, sample)| is_alike(sample, case, &term));
                alike.map(|(account, _)| account.clone()).collect()
            };
            ExperienceLine { good: with(Case::Good), other: with(Case::Other), term }
        };
        let industry = profile.industry.as_ref();
        let statements = ground.directives().statements.iter();
        let of_its_industry = |stated: &&Statement| Some(&stated.industry) == industry;
        Ok(ExperienceAnswer {
            account: account.clone(),
            name: profile.name.as_ref().map(ToString::to_string),
            coordinates: ground.coordinates,
            fit: view.fit,
            cases: view.cases,
            counted_until: epoch.counted_until(),
            terms: view.terms.into_iter().map(line).collect(),
            statements: statements.filter(of_its_industry).cloned().collect(),
        })
    }
}

/// Whether an account that turned out so has the value of a term.
fn is_alike(sample: &Sample, case: Case, term: &Term) -> bool {
    let has = |profile: &Profile| {
        let value = term.value.as_deref();
        profile.all_traits().any(|(name, own)| name.as_str() == term.name && Some(own.as_str()) == value)
    };
    sample.case == Some(case) && has(&sample.profile)
}
