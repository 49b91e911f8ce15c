//! The query of a request, read strictly: an unknown parameter is refused, since a misspelt filter would answer
//! another question.

mod given;

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use guanxi_projections::id::{AccountId, Alias};
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};

use super::problem::Problem;
use super::schema::{self, has_schema};
use given::Given;

/// The query, read as `T`: a struct of parameters, whose fields read themselves with [`one`], [`optional`] or [`many`];
/// or several in a tuple, each of which takes its own.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    Ok(T::deserialize(Given::read(query)?.whole())?)
}

/// No parameters at all.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Nothing {}

/// Reads a parameter that is given once.
pub(super) fn one<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    from.deserialize_seq(Once(PhantomData))
}

/// Reads a parameter that may be given once.
pub(super) fn optional<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    one(from).map(Some)
}

/// Reads a parameter that may be given any number of times, or once with commas between the values.
pub(super) fn many<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let texts: Vec<String> = serde::Deserialize::deserialize(from)?;
    let values = texts.iter().flat_map(|text| text.split(','));
    values.map(|text| text.parse().map_err(D::Error::custom)).collect()
}

/// Reads a parameter that says yes or no.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(optional::<D, bool>(from)?.unwrap_or_default())
}

struct Once<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> Visitor<'de> for Once<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut from: A) -> Result<T, A::Error> {
        let text: String = from.next_element()?.ok_or_else(|| A::Error::custom("a value is missing"))?;
        if from.next_element::<String>()?.is_some() {
            return Err(A::Error::custom("it may be given only once"));
        }
        text.parse().map_err(A::Error::custom)
    }
}

/// A word of a closed list, as a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<T>(pub(super) T);

macro_rules! words {
    ($($name:ident: $of:ty,)+) => {$(
        impl FromStr for Word<$of> {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let known = || <$of>::ALL.map(<$of>::as_str).join(", ");
                let word = <$of>::ALL.into_iter().find(|word| word.as_str() == text);
                word.map(Self).ok_or_else(|| format!("expected one of {}", known()))
            }
        }

        /// Stands for the schema of such a word.
        pub(super) struct $name;

        has_schema!($name, schema::word(<$of>::ALL.map(<$of>::as_str)));
    )+};
}

words!(
    AlertKindName: guanxi_projections::alerts::AlertKind,
    SeverityName: guanxi_projections::alerts::Severity,
    ColourName: guanxi_projections::health::Colour,
    MeasureName: guanxi_projections::measure::Measure,
    OccasionName: guanxi_projections::occasion::Occasion,
    QuadrantName: guanxi_projections::quadrant::Quadrant,
    StageName: guanxi_projections::stage::Stage,
    EveryName: guanxi_projections::trend::Every,
    SortName: crate::ledger::Sort,
);

/// An account, as a parameter.
#[derive(Debug, Clone)]
pub(super) struct AccountName(pub(super) AccountId);

has_schema!(AccountName, schema::id());

impl FromStr for AccountName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        AccountId::new(text).map(Self).map_err(|error| format!("the account {error}"))
    }
}

/// A person, as a parameter.
#[derive(Debug, Clone)]
pub(super) struct AliasName(pub(super) Alias);

has_schema!(AliasName, schema::id());

impl FromStr for AliasName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Alias::new(text).map(Self).map_err(|error| format!("the alias {error}"))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Asked {
        #[serde(default, deserialize_with = "optional")]
        limit: Option<u32>,
        #[serde(default, deserialize_with = "many")]
        stage: Vec<String>,
        #[serde(default, deserialize_with = "flag")]
        key: bool,
    }

    #[track_caller]
    fn check(query: &str, expected: Result<(Option<u32>, &[&str], bool), &str>) {
        match (read::<Asked>(query), expected) {
            (Ok(read), Ok((limit, stage, key))) => {
                let stage = stage.iter().map(|&text| text.to_owned()).collect();
                assert_eq!(read, Asked { limit, stage, key });
            }
            (Err(problem), Err(parameter)) => {
                assert_eq!(problem.json("")["parameter"], parameter, "{problem:?}");
            }
            (read, expected) => panic!("{query}: {read:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn parameters_are_read_or_named() {
        check("", Ok((None, &[], false)));
        check("limit=3&stage=a&stage=b%20c&key=true", Ok((Some(3), &["a", "b c"], true)));
        check("stage=a,b", Ok((None, &["a", "b"], false)));
        check("limit=", Err("limit"));
        check("limit=-1", Err("limit"));
        check("limit=1&limit=1", Err("limit"));
        check("key=yes", Err("key"));
        check("limits=1", Err("limits"));
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Begun {
        #[serde(deserialize_with = "one")]
        from: u32,
    }

    #[test]
    fn structs_that_share_a_query_take_each_their_own() {
        let read = |query: &str| read::<((Asked, Nothing), Begun)>(query);
        let asked = |limit| Asked { limit, stage: Vec::new(), key: false };
        assert_eq!(read("from=7").map(|read| (read.0.0, read.1)).unwrap(), (asked(None), Begun { from: 7 }));
        let given = read("limit=3&from=7").map(|read| (read.0.0, read.1)).unwrap();
        assert_eq!(given, (asked(Some(3)), Begun { from: 7 }));
        let refused = |query: &str| {
            let problem = read(query).unwrap_err().json("");
            let text = |member: &str| problem[member].as_str().unwrap_or_default().to_owned();
            (text("parameter"), text("detail"))
        };
        assert_eq!(refused("limit=3"), ("from".to_owned(), "a value is missing".to_owned()));
        let known = "there is no such parameter; those there are: limit, stage, key, from";
        for query in ["from=7&after=1", "after=1", "after=1&after=2&limit=3"] {
            assert_eq!(refused(query), ("after".to_owned(), known.to_owned()), "{query}");
        }
        assert_eq!(refused("from=7&limit=x").0, "limit");
    }
}
