//! Experience inference 经历推算法: what accounts with such traits have turned out to be, for one without a history.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::epoch::{Case, Counts, Epoch, Sample};
use crate::id::{Criterion, TraitName};
use crate::outlook::{logit, probability};
use crate::policy::ExperiencePolicy;
use crate::profile::Profile;

/// The trait that experts speak of, and that counts in full.
const INDUSTRY: &str = "industry";

/// What experience says of an account, with every term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExperienceView {
    /// The fit, 0 to 1.
    pub fit: f64,
    /// Good accounts and others behind it, this one left out.
    pub cases: Counts,
    /// The terms of its log odds; empty while too few cases are known.
    pub terms: Vec<Term>,
}

/// A term of the log odds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Term {
    /// The trait or criterion; `portfolio` for the share of good accounts.
    pub name: String,
    /// Its value, where it has one.
    pub value: Option<String>,
    /// Good accounts and others with that value, this one left out.
    pub cases: Option<Counts>,
    /// Good accounts and others that experts added.
    pub stated: Option<Counts>,
    /// What it adds to the log odds.
    pub log_odds: f64,
}

/// Counts without the account that they are about.
struct Others<'a> {
    epoch: &'a Epoch,
    own: Option<(Case, &'a Profile)>,
    totals: Counts,
}

impl ExperienceView {
    /// What experience says. `own` is what the account itself added to the epoch; `strengths` are the newest
    /// ratings of what it judges suppliers by.
    ///
    /// `Formula:` logit fit = logit((n1 + 1)/(n1 + n0 + 2)) + `LLR_industry` + lambda sum `LLR_k` + sum `om_c` (`st_c` -
    /// 1/2); the LLR of a value compares how often it occurs among good accounts and among others. `Source:` model
    /// specification, section 8.
    pub fn of(
        profile: &Profile,
        strengths: &BTreeMap<Criterion, f64>,
        epoch: &Epoch,
        own: Option<&Sample>,
        policy: &ExperiencePolicy,
    ) -> Self {
        let others = Others::of(epoch, own);
        let [good, other] = others.totals;
        if good < policy.cases_min || other < policy.cases_min {
            return Self { fit: policy.fit_unknown, cases: others.totals, terms: Vec::new() };
        }
        let share = f64::from(good + 1) / (f64::from(good) + f64::from(other) + 2.0);
        let mut terms = vec![Term::bare("portfolio", logit(share))];
        let traits = profile.all_traits().filter(|(name, _)| name.as_str() != INDUSTRY).count();
        let lambda = (policy.traits_full / traits.max(1) as f64).min(1.0);
        for (name, value) in profile.all_traits() {
            let is_industry = name.as_str() == INDUSTRY;
            let stated = epoch.industries.get(value).filter(|_| is_industry).copied();
            let weight = if is_industry { 1.0 } else { lambda };
            terms.push(others.term(&name, value.as_str(), stated, weight, policy));
        }
        for (criterion, weight) in &profile.criteria {
            let strength = strengths.get(criterion).copied().unwrap_or(0.5);
            terms.push(Term::bare(criterion.as_str(), weight.get() * (strength - 0.5)));
        }
        let z: f64 = terms.iter().map(|term| term.log_odds).sum();
        Self { fit: probability(z), cases: others.totals, terms }
    }
}

impl Term {
    fn bare(name: &str, log_odds: f64) -> Self {
        Self { name: name.to_owned(), value: None, cases: None, stated: None, log_odds }
    }
}

impl<'a> Others<'a> {
    fn of(epoch: &'a Epoch, own: Option<&'a Sample>) -> Self {
        let own = own.and_then(|sample| Some((sample.case?, &sample.profile)));
        let totals = own.map_or(epoch.totals, |(case, _)| less(epoch.totals, case));
        Self { epoch, own, totals }
    }

    /// Counts of a value, and how many values its trait has.
    fn counts(&self, name: &TraitName, value: &str) -> (Counts, usize) {
        let own = self.own.and_then(|(case, profile)| {
            let mut traits = profile.all_traits();
            traits.find(|(own, _)| own == name).map(|(_, value)| (case, value.as_str()))
        });
        let without = |known: &str, counts: Counts| match own {
            Some((case, own)) if own == known => less(counts, case),
            _ => counts,
        };
        let known = self.epoch.traits.get(name);
        let counts = known.and_then(|values| values.get(value)).copied().unwrap_or_default();
        let values = known.into_iter().flatten();
        let distinct = values.filter(|(known, counts)| without(known, **counts) != [0, 0]).count();
        (without(value, counts), distinct)
    }

    fn term(
        &self,
        name: &TraitName,
        value: &str,
        stated: Option<Counts>,
        weight: f64,
        policy: &ExperiencePolicy,
    ) -> Term {
        let (cases, distinct) = self.counts(name, value);
        let log_odds = weight * log_odds(cases, self.totals, distinct, stated.unwrap_or_default(), policy);
        Term { name: name.to_string(), value: Some(value.to_owned()), cases: Some(cases), stated, log_odds }
    }
}

/// How much likelier a value is among good accounts than among others.
///
/// `Formula:` p = (n1v + n0v + 1)/(n1 + n0 + V), LLR = ln[(n1v + 5p)/(n1 + 5)] - ln[(n0v + 5p)/(n0 + 5)]; what
/// experts stated is added to n1v, n0v, n1 and n0 outside p. `Source:` model specification, section 8.
///
/// Worked example: 6 of 10 good and 2 of 10 other accounts are in steel, one of 4 industries. p = 9/24 = .375,
/// LLR = ln(7.875/15) - ln(3.875/15) = ln 2.03226 = .709148.
fn log_odds(
    cases: Counts,
    totals: Counts,
    distinct: usize,
    stated: Counts,
    policy: &ExperiencePolicy,
) -> f64 {
    let ([n1v, n0v], [n1, n0], [s1, s0]) =
        (cases.map(f64::from), totals.map(f64::from), stated.map(f64::from));
    let p = (n1v + n0v + 1.0) / (n1 + n0 + distinct as f64);
    let smoothing = policy.smoothing_cases;
    let likelihood = |of: f64, all: f64| libm::log((of + smoothing * p) / (all + smoothing));
    likelihood(n1v + s1, n1 + s1) - likelihood(n0v + s0, n0 + s0)
}

fn less([good, other]: Counts, case: Case) -> Counts {
    match case {
        Case::Good => [good.saturating_sub(1), other],
        Case::Other => [good, other.saturating_sub(1)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::Label;

    fn steel() -> Profile {
        Profile { industry: Some(Label::new("steel").unwrap()), ..Profile::default() }
    }

    fn epoch() -> Epoch {
        let industries = [("steel", [6, 2]), ("food", [2, 4]), ("chemistry", [1, 3]), ("paper", [1, 1])];
        let values = industries.map(|(value, counts)| (value.to_owned(), counts)).into();
        let traits = [(TraitName::new("industry").unwrap(), values)].into();
        Epoch { traits, totals: [10, 10], ..Epoch::default() }
    }

    #[test]
    fn a_trait_of_good_accounts_speaks_for_one() {
        let policy = Policy::default_policy().experience;
        assert!((log_odds([6, 2], [10, 10], 4, [0, 0], &policy) - 0.709_148).abs() < 1e-6);
        let view = ExperienceView::of(&steel(), &BTreeMap::new(), &epoch(), None, &policy);
        // logit(11/22) = 0, so the fit is 1/(1 + e^-.709148) = .670209.
        assert!((view.fit - 0.670_209).abs() < 1e-5, "{view:?}");
        assert_eq!(view.terms.len(), 2);
    }

    #[test]
    fn an_account_is_no_experience_of_itself() {
        let policy = Policy::default_policy().experience;
        let mut epoch = epoch();
        epoch.totals = [5, 10];
        let own = Sample {
            rates: vec![],
            amounts: 0.0,
            gap_days: None,
            won: 1,
            lost: 0,
            ordered: false,
            case: Some(Case::Good),
            profile: steel(),
        };
        let view = ExperienceView::of(&steel(), &BTreeMap::new(), &epoch, Some(&own), &policy);
        assert_eq!((view.fit, view.cases), (0.5, [4, 10]), "four good accounts are too few");
    }

    #[test]
    fn what_experts_state_counts_inside_their_term() {
        let policy = Policy::default_policy().experience;
        let mut epoch = epoch();
        epoch.industries.insert(Label::new("steel").unwrap(), [0, 20]);
        let view = ExperienceView::of(&steel(), &BTreeMap::new(), &epoch, None, &policy);
        // ln(7.875/15) - ln((2 + 20 + 1.875)/(30 + 5)) = -.644357 + .382510
        assert!((view.terms[1].log_odds + 0.261_847).abs() < 1e-5, "{view:?}");
    }
}
