//! All accounts, ranked, page by page.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guanxi_projections::health::Colour;
use guanxi_projections::id::Alias;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::{Timestamp, When};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::Api;
use super::answer::Answer;
use super::asked::{PolicyWord, asked};
use super::caller::Caller;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query, Word};
use super::{schema, wire};
use crate::ledger::{AccountFilter, AccountsAnswer, Asked, Ranking, Sight, Sort};

/// Accounts on a page unless told.
const LIMIT: usize = 100;
/// The most accounts on a page.
const LIMIT_MAX: usize = 1_000;

/// What is asked of all accounts.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AccountsQuery {
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-06-30")]
    as_of: Option<When>,
    /// As far as it was recorded by this time: a date or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-07-01T08:00:00Z")]
    known_at: Option<When>,
    /// Which policy the figures follow: `current`, `then` or the number of an adopted one. Default: `current`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::policy, example = "current")]
    policy: Option<PolicyWord>,
    /// Only those in these stages.
    #[serde(default, deserialize_with = "query::many")]
    #[param(schema_with = stages, example = json!(["growth"]))]
    stage: Vec<Word<Stage>>,
    /// Only those whose health has these colours.
    #[serde(default, deserialize_with = "query::many")]
    #[param(schema_with = colours, example = json!(["red"]))]
    colour: Vec<Word<Colour>>,
    /// Only those in these quadrants.
    #[serde(default, deserialize_with = "query::many")]
    #[param(schema_with = quadrants)]
    quadrant: Vec<Word<Quadrant>>,
    /// Only those that this person answers for.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::id)]
    owner: Option<String>,
    /// Only those that nobody answers for.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    no_owner: bool,
    /// Only key accounts.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    key: bool,
    /// Only those with at least this score.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<f64>, minimum = 0, maximum = 100)]
    min_score: Option<f64>,
    /// In which order: by rank, worst health, least outlook, account, name, stage, newest stage, soonest transition or
    /// most events. Default: `rank`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = sorts, example = "rank")]
    sort: Option<Word<Sort>>,
    /// At most so many on the page. Default: 100.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before, with the same filters.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = cursors)]
    cursor: Option<String>,
}

pub(super) fn stages() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::words(Stage::ALL.map(Stage::as_str))
}

pub(super) fn colours() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::words(Colour::ALL.map(Colour::as_str))
}

pub(super) fn quadrants() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::words(Quadrant::ALL.map(Quadrant::as_str))
}

fn sorts() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::word(Sort::ALL.map(Sort::as_str))
}

/// No cursor can be made up, so that none but the given ones is documented as taken.
fn cursors() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::json(serde_json::json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"}))
}

/// A page of the ranking.
#[derive(Debug, Serialize)]
struct Page {
    #[serde(flatten)]
    answer: AccountsAnswer,
    /// How many accounts there are on all pages.
    total: usize,
    /// The cursor of the next page.
    next: Option<String>,
}

/// Rank all accounts
///
/// Accounts at any point in time, filtered and ordered, a page at a time. The cursor of the next page pins the
/// coordinates: whatever is recorded meanwhile, no account is shown twice or left out.
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts", params(AccountsQuery),
    responses((status = 200, description = "A page of accounts", body = wire::Accounts)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<AccountsQuery>,
) -> Outcome<Answer> {
    let limit = limit(query.limit)?;
    let start = Start::of(&query)?;
    let ranking = query.ranking()?;
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let asked = start.as_ref().map_or_else(|| query.asked(), |start| start.asked(&query));
        let mut answer = ledger.all_accounts(&asked, |_, _| ())?;
        answer.accounts.retain(|row| sight.sees(&row.account));
        ranking.apply(&mut answer.accounts);
        Answer::json(&page(answer, &query, start.map_or(0, |start| start.offset), limit))
    })
    .await
}

fn limit(asked: Option<u32>) -> Outcome<usize> {
    match asked.map(usize::try_from) {
        None => Ok(LIMIT),
        Some(Ok(limit @ 1..=LIMIT_MAX)) => Ok(limit),
        Some(_) => Err(Problem::parameter("limit", format!("expected 1 to {LIMIT_MAX}"))),
    }
}

fn page(mut answer: AccountsAnswer, query: &AccountsQuery, offset: usize, limit: usize) -> Page {
    let total = answer.accounts.len();
    let end = offset.saturating_add(limit).min(total);
    let start = Start {
        as_of: answer.coordinates.as_of,
        known_at: answer.coordinates.known_at,
        offset: end,
        question: query.digest(),
    };
    answer.accounts.truncate(end);
    answer.accounts.drain(..offset.min(end));
    Page { answer, total, next: (end < total).then(|| start.cursor()) }
}

impl AccountsQuery {
    fn asked(&self) -> Asked {
        asked(self.as_of, self.known_at, self.policy)
    }

    fn ranking(&self) -> Outcome<Ranking> {
        if self.owner.is_some() && self.no_owner {
            return Err(Problem::parameter("no_owner", "it cannot be given together with `owner`"));
        }
        if self.min_score.is_some_and(|score| !(0.0..=100.0).contains(&score)) {
            return Err(Problem::parameter("min_score", "expected 0 to 100"));
        }
        let owner = self.owner.clone().map(Alias::new).transpose();
        let owner = owner.map_err(|error| Problem::parameter("owner", format!("the alias {error}")))?;
        let filter = AccountFilter {
            within: Sight::All,
            stages: self.stage.iter().map(|word| word.0).collect(),
            colours: self.colour.iter().map(|word| word.0).collect(),
            quadrants: self.quadrant.iter().map(|word| word.0).collect(),
            owner,
            unowned: self.no_owner,
            key: self.key,
            score_min: self.min_score,
        };
        Ok(Ranking { filter, sort: self.sort.map(|word| word.0).unwrap_or_default() })
    }

    /// What tells this question, without its page, from another.
    fn digest(&self) -> [u8; DIGEST_BYTES] {
        let question = Self { limit: None, cursor: None, ..self.clone() };
        let hash = Sha256::digest(format!("{question:?}"));
        std::array::from_fn(|n| hash.get(n).copied().unwrap_or_default())
    }
}

const DIGEST_BYTES: usize = 8;

/// Where a page begins, with the coordinates of the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    as_of: Timestamp,
    known_at: Timestamp,
    offset: usize,
    question: [u8; DIGEST_BYTES],
}

impl Start {
    fn of(query: &AccountsQuery) -> Outcome<Option<Self>> {
        let Some(cursor) = &query.cursor else { return Ok(None) };
        let foreign = || Problem::new(Kind::InvalidCursor, "the cursor is not one of this question");
        let start = Self::read(cursor).ok_or_else(foreign)?;
        if start.question == query.digest() { Ok(Some(start)) } else { Err(foreign()) }
    }

    fn asked(&self, query: &AccountsQuery) -> Asked {
        asked(Some(When::At(self.as_of)), Some(When::At(self.known_at)), query.policy)
    }

    fn cursor(&self) -> String {
        let mut bytes = Vec::with_capacity(4 * 8);
        bytes.extend(self.as_of.micros().to_be_bytes());
        bytes.extend(self.known_at.micros().to_be_bytes());
        bytes.extend((self.offset as u64).to_be_bytes());
        bytes.extend(self.question);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(cursor: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (parts, rest) = bytes.as_chunks::<8>();
        let ([as_of, known_at, offset, question], []) = (parts, rest) else { return None };
        Some(Self {
            as_of: Timestamp::from_micros(i64::from_be_bytes(*as_of)),
            known_at: Timestamp::from_micros(i64::from_be_bytes(*known_at)),
            offset: usize::try_from(u64::from_be_bytes(*offset)).ok()?,
            question: *question,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let start = Start {
            as_of: Timestamp::from_micros(-5),
            known_at: Timestamp::from_micros(1_700_000_000_000_001),
            offset: 300,
            question: [7; 8],
        };
        assert_eq!(Start::read(&start.cursor()), Some(start));
        assert_eq!(start.cursor().len(), 43);
        for bad in ["", "AAAA", "?", &format!("{}A", start.cursor())] {
            assert_eq!(Start::read(bad), None, "{bad}");
        }
    }
}
