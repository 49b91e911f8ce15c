//! All accounts, ranked, page by page.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guanxi_projections::time::{Timestamp, When};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::Api;
use super::answer::Answer;
use super::asked::AskedQuery;
use super::caller::Caller;
use super::filter::FilterQuery;
use super::page::PageLength;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query, Word};
use super::schema::has_schema;
use super::{schema, wire};
use crate::ledger::{AccountsAnswer, Asked, Ranking, Sort};

/// What makes a ranking, whatever page of it is shown.
type Question = (AskedQuery, FilterQuery, SortQuery);

/// In which order accounts are shown.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SortQuery {
    /// In which order: by rank, worst health, least outlook, account, name, stage, newest stage, soonest transition or
    /// most events. Default: `rank`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<query::SortName>, inline, example = "rank")]
    sort: Option<Word<Sort>>,
}

/// Where a page begins.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CursorQuery {
    /// Where to go on: `next` of the page before, with the same filters.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = CursorText, inline)]
    cursor: Option<String>,
}

/// No cursor can be made up, so that none but the given ones is documented as taken.
struct CursorText;

has_schema!(
    CursorText,
    schema::json(serde_json::json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"}))
);

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
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts",
    params(AskedQuery, FilterQuery, SortQuery, PageLength, CursorQuery),
    responses((status = 200, description = "A page of accounts", body = wire::Accounts)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Query((question, length, CursorQuery { cursor })): Query<(Question, PageLength, CursorQuery)>,
) -> Outcome<Answer> {
    let limit = length.limit()?;
    let digest = digest(&question);
    let start = cursor.map(|cursor| Start::of(&cursor, digest)).transpose()?;
    let (asked, filter, SortQuery { sort }) = question;
    let ranking = Ranking { filter: filter.filter()?, sort: sort.map(|word| word.0).unwrap_or_default() };
    let asked = start.as_ref().map_or_else(|| asked.asked(), |start| start.asked(asked.asked()));
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let mut answer = ledger.all_accounts(&asked, |_, _| ())?;
        answer.accounts.retain(|row| sight.sees(&row.account));
        ranking.apply(&mut answer.accounts);
        Answer::json(&page(answer, digest, start.map_or(0, |start| start.offset), limit))
    })
    .await
}

fn page(mut answer: AccountsAnswer, question: Digested, offset: usize, limit: usize) -> Page {
    let total = answer.accounts.len();
    let end = offset.saturating_add(limit).min(total);
    let start = Start {
        as_of: answer.coordinates.as_of,
        known_at: answer.coordinates.known_at,
        offset: end,
        question,
    };
    answer.accounts.truncate(end);
    answer.accounts.drain(..offset.min(end));
    Page { answer, total, next: (end < total).then(|| start.cursor()) }
}

/// What tells a question from another.
type Digested = [u8; DIGEST_BYTES];

fn digest(question: &Question) -> Digested {
    let hash = Sha256::digest(format!("{question:?}"));
    std::array::from_fn(|n| hash.get(n).copied().unwrap_or_default())
}

const DIGEST_BYTES: usize = 8;

/// Where a page begins, with the coordinates of the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    as_of: Timestamp,
    known_at: Timestamp,
    offset: usize,
    question: Digested,
}

impl Start {
    /// Where a cursor says, if it is one of the question.
    fn of(cursor: &str, question: Digested) -> Outcome<Self> {
        let foreign = || Problem::new(Kind::InvalidCursor, "the cursor is not one of this question");
        Self::read(cursor).filter(|start| start.question == question).ok_or_else(foreign)
    }

    /// What was asked, at the coordinates of the first page.
    fn asked(&self, asked: Asked) -> Asked {
        Asked { as_of: Some(When::At(self.as_of)), known_at: Some(When::At(self.known_at)), ..asked }
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
