//! JSON in its canonical form (JCS, RFC 8785): one text for one content, whoever writes it.
//!
//! A value is written compactly, and its text gone through once: strings stand as they are, figures that JavaScript
//! writes otherwise are written anew by a crate that knows it, and where an object ends, its members are put in order.
//!
//! Rejected: that crate for the whole. It makes room of its own for every name and every value, and so takes ten
//! times as long, of which an account with hundreds of anomalies has plenty.

use std::cmp::Ordering;
use std::ops::Range;

use serde::Serialize;

/// Integers of so many digits are figures of their own, each written like itself.
const EXACT_DIGITS: usize = 15;

/// A value in canonical form.
///
/// # Errors
/// What the value says while it serialises itself; a name that is not text.
pub(crate) fn to_vec<V: Serialize>(value: &V) -> Result<Vec<u8>, serde_json::Error> {
    let compact = serde_json::to_vec(value)?;
    let text = Vec::with_capacity(compact.len());
    let mut canonical = Canonical { compact: &compact, text, ..Canonical::default() };
    let mut at = 0;
    while let Some(first) = compact.get(at) {
        let until = at + length(*first, compact.get(at..).unwrap_or_default());
        canonical.take(*first, at..until)?;
        at = until;
    }
    canonical.copy_until(compact.len());
    Ok(canonical.text)
}

/// How long the token is that begins the text: a whole string or figure, or one byte of anything else.
fn length(first: u8, text: &[u8]) -> usize {
    let ends = match first {
        b'"' => {
            let mut escapes = false;
            text.iter().skip(1).position(|byte| {
                let ends = *byte == b'"' && !escapes;
                escapes = *byte == b'\\' && !escapes;
                ends
            })
        }
        b'-' | b'0'..=b'9' => {
            let goes_on = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
            return text.iter().position(|byte| !goes_on(byte)).unwrap_or(text.len());
        }
        _ => return 1,
    };
    ends.map_or(text.len(), |inside| inside + 2)
}

/// What is written so far, and what of it is not done.
#[derive(Default)]
struct Canonical<'c> {
    /// What is read.
    compact: &'c [u8],
    /// So much of it is in `text`, as it is or otherwise; what was read since then stands as it is.
    copied: usize,
    text: Vec<u8>,
    /// The objects and lists that are being written, the innermost last: of an object, how many of `members` are those
    /// of the objects around it.
    around: Vec<Option<usize>>,
    /// The members of the objects that are being written, those of the innermost last.
    members: Vec<Member>,
    /// Room for an object's members in order.
    ordered: Vec<u8>,
}

/// A member of an object.
#[derive(Clone)]
struct Member {
    /// Where its name is read, quotes included.
    name: Range<usize>,
    /// Whether its name may be compared as it stands.
    is_plain: bool,
    /// Where in the text it begins, and where its value ends.
    from: usize,
    until: usize,
}

impl Canonical<'_> {
    fn take(&mut self, first: u8, token: Range<usize>) -> Result<(), serde_json::Error> {
        match first {
            b'"' if self.compact.get(token.end) == Some(&b':') => self.begin_member(token),
            b'-' | b'0'..=b'9' => return self.take_figure(token),
            b'{' => self.around.push(Some(self.members.len())),
            b'[' => self.around.push(None),
            b',' => self.end_member(token.start),
            b'}' => self.end_object(token.start),
            b']' => drop(self.around.pop()),
            _ => {}
        }
        Ok(())
    }

    /// Copies what was read and is not copied yet, up to a place.
    fn copy_until(&mut self, place: usize) {
        self.text.extend_from_slice(part(self.compact, &(self.copied..place)));
        self.copied = place;
    }

    /// Where in the text a place is, or will be.
    fn place_of(&self, read: usize) -> usize {
        self.text.len() + (read - self.copied)
    }

    /// The token is a name.
    fn begin_member(&mut self, token: Range<usize>) {
        let (from, is_plain) = (self.place_of(token.start), is_plain(part(self.compact, &token)));
        self.members.push(Member { name: token, is_plain, from, until: from });
    }

    /// Writes a figure as JavaScript does.
    fn take_figure(&mut self, token: Range<usize>) -> Result<(), serde_json::Error> {
        let figure = part(self.compact, &token);
        if says_itself(figure) {
            return Ok(());
        }
        // What a serializer wrote is a figure.
        let figure: f64 =
            std::str::from_utf8(figure).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
        self.copy_until(token.start);
        self.text.extend_from_slice(&serde_json_canonicalizer::to_vec(&figure)?);
        self.copied = token.end;
        Ok(())
    }

    fn end_member(&mut self, read: usize) {
        let until = self.place_of(read);
        if let Some(Some(_)) = self.around.last()
            && let Some(member) = self.members.last_mut()
        {
            member.until = until;
        }
    }

    fn end_object(&mut self, read: usize) {
        let first = self.around.pop().flatten().unwrap_or_default();
        let until = self.place_of(read);
        let members = self.members.get_mut(first..).unwrap_or_default();
        if let Some(member) = members.last_mut() {
            member.until = until;
        }
        if !members.is_sorted_by(|a, b| in_order(self.compact, a, b).is_le()) {
            self.copy_until(read);
            self.put_in_order(first);
        }
        self.members.truncate(first);
    }

    /// Puts the members from `first` on in order; commas stand between them before and after.
    fn put_in_order(&mut self, first: usize) {
        let Self { compact, text, members, ordered, .. } = self;
        let members = members.get_mut(first..).unwrap_or_default();
        let Some(from) = members.first().map(|member| member.from) else { return };
        members.sort_by(|a, b| in_order(compact, a, b));
        ordered.clear();
        for member in members {
            if !ordered.is_empty() {
                ordered.push(b',');
            }
            ordered.extend_from_slice(part(text, &(member.from..member.until)));
        }
        text.truncate(from);
        text.extend_from_slice(ordered);
    }
}

/// Which of two members comes first.
fn in_order(compact: &[u8], a: &Member, b: &Member) -> Ordering {
    let (one, other) = (part(compact, &a.name), part(compact, &b.name));
    if a.is_plain && b.is_plain { one.cmp(other) } else { utf16(one).cmp(&utf16(other)) }
}

/// Whether JavaScript writes a figure as it stands: few digits, or with a point and neither an exponent nor a last
/// digit of zero.
fn says_itself(figure: &[u8]) -> bool {
    let has = |wanted: u8| figure.contains(&wanted);
    if has(b'.') {
        !has(b'e') && !figure.ends_with(b".0")
    } else {
        figure.len() <= EXACT_DIGITS && !has(b'e')
    }
}

fn part<'a>(text: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    text.get(range.clone()).unwrap_or_default()
}

/// Whether two such names, each in quotes, are in the order of their bytes, quotes included: the names of our own
/// fields. All their characters come after the quote, so that the shorter of two comes first.
fn is_plain(quoted: &[u8]) -> bool {
    let name = quoted.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or_default();
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// A name in quotes as names are compared otherwise.
fn utf16(quoted: &[u8]) -> Vec<u16> {
    serde_json::from_slice::<String>(quoted).unwrap_or_default().encode_utf16().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Names that sort otherwise as UTF-8, as escaped, or with their quotes.
    const NAMES: [&str; 12] =
        ["", "a", "a b", "a!", "ab", "B", "\n", "\\", "\"", "\u{7f}", "\u{ff5e}", "\u{1f600}"];

    fn values() -> impl Strategy<Value = Value> {
        let number = prop_oneof![
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            (0..2_000_u64).prop_map(|near| Value::from((1 << f64::MANTISSA_DIGITS) - 1_000 + near)),
            (-1_000..1_000_i64).prop_map(|cents| Value::from(cents as f64 / 100.0)),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            ".*".prop_map(Value::from)
        ];
        let name = prop_oneof![prop::sample::select(NAMES.as_slice()).prop_map(str::to_owned), ".{0,3}"];
        leaf.prop_recursive(4, 64, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(name.clone(), inner, 0..8)
                    .prop_map(|fields| fields.into_iter().collect::<Value>()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn any_json_is_written_as_the_reference_writes_it(value in values()) {
            let canonical = String::from_utf8(to_vec(&value).unwrap()).unwrap();
            prop_assert_eq!(canonical, serde_json_canonicalizer::to_string(&value).unwrap());
        }
    }

    /// The second half of RFC 8785, section 3.2.3, and the numbers of its appendix B that JSON can hold.
    #[test]
    fn names_and_figures_are_those_of_the_standard() {
        let named = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 });
        let canonical = String::from_utf8(to_vec(&named).unwrap()).unwrap();
        let expected =
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(canonical, expected);
        let figures =
            json!([-0.0, 5e-324, 1e21, 1e-7, 9_007_199_254_740_992_u64, 9_007_199_254_740_993_u64, 0.1]);
        let expected = "[0,5e-324,1e+21,1e-7,9007199254740992,9007199254740992,0.1]";
        assert_eq!(to_vec(&figures).unwrap(), expected.as_bytes());
    }

    /// The fields of a struct come in the order of its declaration, and those of a flattened one between them.
    #[test]
    fn fields_are_put_in_order_at_every_depth() {
        #[derive(Serialize)]
        struct Outer {
            z: Inner,
            #[serde(flatten)]
            between: Inner,
            a: Vec<Inner>,
        }
        #[derive(Serialize, Clone)]
        struct Inner {
            y: u8,
            b: Option<bool>,
        }
        let inner = || Inner { y: 1, b: None };
        let canonical = to_vec(&Outer { z: inner(), between: inner(), a: vec![inner(), inner()] }).unwrap();
        let expected = r#"{"a":[{"b":null,"y":1},{"b":null,"y":1}],"b":null,"y":1,"z":{"b":null,"y":1}}"#;
        assert_eq!(String::from_utf8(canonical).unwrap(), expected);
    }
}
