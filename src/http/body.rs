//! The body of a request: of a type that is taken, whole, within its limit; and read strictly, since a field that
//! nobody reads would answer another question.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use guanxi_projections::wire;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Frame;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::Api;
use super::problem::{Kind, Outcome, Problem};

/// How long a whole body may take to come.
const WHOLE_TIME: Duration = Duration::from_mins(5);

/// The media type of a body, in lower case and without parameters; empty when it is missing.
pub(super) fn media_type(headers: &HeaderMap) -> Outcome<String> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(unsupported("a body is taken as it is: without `Content-Encoding`"));
    }
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset =
        parts.find_map(|part| part.to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
    if charset.is_some_and(|charset| charset.trim_matches('"') != "utf-8") {
        return Err(unsupported("text is taken in UTF-8 alone"));
    }
    Ok(essence)
}

/// A type that is not taken.
pub(super) fn unsupported(detail: &str) -> Problem {
    Problem::new(Kind::UnsupportedMediaType, detail)
}

/// What is wrong with a type that is none of those taken.
pub(super) fn not_taken(media_type: &str) -> Problem {
    let missing = media_type.is_empty();
    unsupported(if missing {
        "`Content-Type` is missing"
    } else {
        "the `Content-Type` is none of those taken"
    })
}

/// The whole body, of at most so many bytes. `pause` is how long it may pause: whoever lets it come one byte at a time
/// holds a connection, and nothing else.
pub(super) async fn whole(request: Request, bytes_max: usize, pause: Duration) -> Outcome<Bytes> {
    let too_large = || {
        Problem::new(Kind::TooLarge, format!("the body has more than the {bytes_max} bytes taken"))
            .with("bytes_max", bytes_max)
    };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > bytes_max as u64)
    {
        return Err(too_large());
    }
    let Ok(body) = Body::from_request(request, &()).await;
    let mut body = Limited::new(body, bytes_max);
    let whole = async {
        let mut bytes = Vec::new();
        while let Some(frame) = timeout(pause, body.frame()).await.map_err(too_slow)? {
            match frame.map(Frame::into_data) {
                Ok(data) => bytes.extend_from_slice(&data.unwrap_or_default()),
                Err(error) if error.is::<LengthLimitError>() => return Err(too_large()),
                Err(_) => return Err(Problem::new(Kind::BadRequest, "the body ended before its end")),
            }
        }
        Ok(bytes.into())
    };
    timeout(WHOLE_TIME, whole).await.map_err(too_slow)?
}

/// What is said of a body that was waited for in vain.
pub(super) fn too_slow(_: Elapsed) -> Problem {
    Problem::new(Kind::BodyTooSlow, "the body did not come in time")
}

/// A body of JSON that says what is to be done, read as `T`.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Api> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let media_type = media_type(request.headers())?;
        if media_type != "application/json" {
            return Err(not_taken(&media_type));
        }
        let body = whole(request, api.limits().body_bytes, api.limits().header_time).await?;
        read(wire::read(&body, body.len())?).map(Self)
    }
}

/// Reads an object. A list in its place is refused, although `serde` would take one for the fields in their order.
fn read<T: DeserializeOwned>(given: Value) -> Outcome<T> {
    if !given.is_object() {
        return Err(invalid("", "expected an object"));
    }
    serde_path_to_error::deserialize(given).map_err(|error| {
        let pointer = pointer(error.path());
        invalid(&pointer, error.into_inner().to_string())
    })
}

/// A field of the body that is not taken as it is.
pub(super) fn invalid(pointer: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Kind::InvalidBody, detail).with("pointer", pointer)
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |at, segment| match segment {
        Segment::Seq { index } => format!("{at}/{index}"),
        Segment::Map { key } => format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => at,
    })
}

/// Reads a field whose text is read by itself, as a parameter of a query is.
pub(super) fn text<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let text: Option<String> = serde::Deserialize::deserialize(from)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// Reads a list; null says the same as leaving it out.
pub(super) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Value>, D::Error> {
    let values: Option<Vec<Value>> = serde::Deserialize::deserialize(from)?;
    Ok(values.unwrap_or_default())
}

/// Reads a whole number, however it is written: JSON knows one sort of numbers, and 90.0 is 90.
pub(super) fn whole_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let given: Option<f64> = serde::Deserialize::deserialize(from)?;
    let whole = |number: f64| {
        let digits = format!("{number:.0}");
        let whole = (number.fract() == 0.0).then(|| digits.parse().ok()).flatten();
        whole.ok_or_else(|| D::Error::custom("expected a whole number of 0 or more"))
    };
    given.map(whole).transpose()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[serde(default)]
        _lines: Vec<u32>,
        #[serde(default, deserialize_with = "text")]
        _as_of: Option<guanxi_projections::time::When>,
        #[serde(default, deserialize_with = "whole_number")]
        _horizon: Option<u32>,
    }

    #[track_caller]
    fn check(given: &Value, expected: Option<&str>) {
        let pointer = read::<Asked>(given.clone()).err().map(|problem| problem.json("")["pointer"].clone());
        assert_eq!(pointer, expected.map(Value::from), "{given}");
    }

    #[test]
    fn a_field_that_is_not_taken_is_pointed_at() {
        check(&json!({}), None);
        check(&json!({"_lines": [1, 2], "_as_of": "2026-01-01"}), None);
        check(&json!({"_lines": [1, "x"]}), Some("/_lines/1"));
        check(&json!({"_as_of": "yesterday"}), Some("/_as_of"));
        check(&json!({"as-of": "2026-01-01"}), Some("/as-of"));
        check(&json!({"_as_of": null, "_horizon": null}), None);
        check(&json!({"_horizon": 90.0}), None);
        for bad in [json!(90.5), json!(-1), json!(5e9), json!("90")] {
            check(&json!({ "_horizon": bad }), Some("/_horizon"));
        }
        check(&json!([1]), Some(""));
    }

    #[test]
    fn a_media_type_is_read_without_its_parameters() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(text));
            media_type(&headers).ok()
        };
        assert_eq!(of("Application/JSON; charset=UTF-8").as_deref(), Some("application/json"));
        assert_eq!(of("application/json; charset=gbk"), None);
        assert_eq!(media_type(&HeaderMap::new()).ok().as_deref(), Some(""));
    }
}
