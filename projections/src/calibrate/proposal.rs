//! Parameters of the own rhythm that this ledger's accounts suggest.

use serde::Serialize;

use crate::lifetime::{Life, Model, Population};

use super::{Observed, Standing};

/// From so many accounts with a repeat on, parameters are suggested.
const REPEATED_MIN: usize = 200;

/// Values for the policy's rhythm of orders. Nothing follows them until a policy with them is adopted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Proposal {
    /// Shape of the prior of the rate, in occasions.
    pub r: f64,
    /// Scale of the prior of the rate, in days.
    pub alpha_days: f64,
    /// First parameter of the prior of leaving.
    pub a: f64,
    /// Second parameter of the prior of leaving.
    pub b: f64,
    /// The logarithm of their likelihood.
    pub log_likelihood: f64,
    /// Accounts that they were found from.
    pub accounts: usize,
    /// Those of them with a repeat.
    pub repeated: usize,
}

/// The parameters of greatest likelihood under MBG/NBD; `None` for too few accounts with a repeat, or where the
/// likelihood has no maximum within what a policy may say.
pub fn propose(observed: &[&Observed]) -> Option<Proposal> {
    let lives: Vec<Life> =
        observed.iter().filter_map(|account| account.now.as_ref()).map(Standing::life).collect();
    let repeated = lives.iter().filter(|life| life.repeats > 0).count();
    if repeated < REPEATED_MIN {
        return None;
    }
    let fitted = Population::fit(Model::Mbg, &lives)?;
    let Population { r, alpha, a, b } = fitted.population;
    let policy_can_say = [r, alpha, b].iter().all(|value| (0.01..=1000.0).contains(value)) && a <= 1000.0;
    policy_can_say.then_some(Proposal {
        r,
        alpha_days: alpha,
        a,
        b,
        log_likelihood: fitted.log_likelihood,
        accounts: lives.len(),
        repeated,
    })
}
