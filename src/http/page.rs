//! Pages of a long answer.

use serde::Deserialize;
use utoipa::IntoParams;

use super::problem::{Outcome, Problem};
use super::query;

/// Lines on a page unless told.
const LIMIT: usize = 100;
/// The most lines on a page.
const LIMIT_MAX: usize = 1_000;

/// How long a page may be.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageLength {
    /// At most so many on the page. Default: 100.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, example = 100)]
    limit: Option<u32>,
}

impl PageLength {
    pub(super) fn limit(self) -> Outcome<usize> {
        match self.limit.map(usize::try_from) {
            None => Ok(LIMIT),
            Some(Ok(limit @ 1..=LIMIT_MAX)) => Ok(limit),
            Some(_) => Err(Problem::parameter("limit", format!("expected 1 to {LIMIT_MAX}"))),
        }
    }
}
