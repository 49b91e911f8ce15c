//! JSON in its canonical form (JCS, RFC 8785): one text for one content, whoever writes it.
//!
//! A value is written once, as it serialises itself; where an object ends, its members are put in order in the text.
//! Strings are escaped alike in both forms; how a figure is written is left to a crate that knows JavaScript.
//!
//! Rejected: that crate for the whole. It makes room of its own for every name and every value, and so takes ten
//! times as long, of which an account with hundreds of anomalies has plenty.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// The greatest integer up to which every integer is a figure of its own.
const EXACT_MAX: u64 = 1 << f64::MANTISSA_DIGITS;

/// A value in canonical form.
///
/// # Errors
/// What the value says while it serialises itself; a name that is not text.
pub(crate) fn to_vec<V: Serialize>(value: &V) -> Result<Vec<u8>, serde_json::Error> {
    let text = RefCell::new(Vec::with_capacity(1 << 10));
    let canonical = Canonical { text: &text, members: Vec::new(), objects: Vec::new(), ordered: Vec::new() };
    value.serialize(&mut Serializer::with_formatter(Appended(&text), canonical))?;
    Ok(text.into_inner())
}

/// The end of the text.
struct Appended<'a>(&'a RefCell<Vec<u8>>);

/// Puts the members of every object in order.
struct Canonical<'a> {
    /// What is written so far.
    text: &'a RefCell<Vec<u8>>,
    /// The members of the objects that are being written, those of the innermost last.
    members: Vec<Member>,
    /// For each of these objects, how many of `members` are those of the objects around it.
    objects: Vec<usize>,
    /// Room for an object's members in order.
    ordered: Vec<u8>,
}

/// Where in the text a member of an object stands.
#[derive(Clone)]
struct Member {
    /// Its name, quotes included.
    name: Range<usize>,
    /// Where its value ends.
    until: usize,
}

impl Write for Appended<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Canonical<'_> {
    fn written(&self) -> usize {
        self.text.borrow().len()
    }

    /// Puts the members from `first` on in order; commas stand between them before and after.
    fn put_in_order(&mut self, first: usize) {
        let mut text = self.text.borrow_mut();
        let members = self.members.get_mut(first..).unwrap_or_default();
        let Some(from) = members.first().map(|member| member.name.start) else { return };
        let by_name = |a: &Member, b: &Member| in_order(part(&text, &a.name), part(&text, &b.name));
        if members.is_sorted_by(|a, b| by_name(a, b).is_le()) {
            return;
        }
        members.sort_by(by_name);
        self.ordered.clear();
        for member in members {
            if !self.ordered.is_empty() {
                self.ordered.push(b',');
            }
            self.ordered.extend_from_slice(part(&text, &(member.name.start..member.until)));
        }
        text.truncate(from);
        text.extend_from_slice(&self.ordered);
    }
}

fn part<'a>(text: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    text.get(range.clone()).unwrap_or_default()
}

/// Which of two names, each in quotes, comes first: they are compared as UTF-16.
fn in_order(one: &[u8], other: &[u8]) -> Ordering {
    match (plain(one), plain(other)) {
        (Some(one), Some(other)) => one.cmp(other),
        _ => utf16(one).cmp(&utf16(other)),
    }
}

/// A name in quotes that says itself, byte by byte.
fn plain(quoted: &[u8]) -> Option<&[u8]> {
    let name = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    name.iter().all(|byte| byte.is_ascii() && *byte != b'\\').then_some(name)
}

fn utf16(quoted: &[u8]) -> Vec<u16> {
    serde_json::from_slice::<String>(quoted).unwrap_or_default().encode_utf16().collect()
}

impl Formatter for Canonical<'_> {
    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        if value.unsigned_abs() <= EXACT_MAX {
            write!(writer, "{value}")
        } else {
            figure(writer, value as f64)
        }
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        if value <= EXACT_MAX { write!(writer, "{value}") } else { figure(writer, value as f64) }
    }

    fn write_i128<W: ?Sized + Write>(&mut self, writer: &mut W, value: i128) -> io::Result<()> {
        figure(writer, value as f64)
    }

    fn write_u128<W: ?Sized + Write>(&mut self, writer: &mut W, value: u128) -> io::Result<()> {
        figure(writer, value as f64)
    }

    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        figure(writer, f64::from(value))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        figure(writer, value)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.objects.push(self.members.len());
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        let from = self.written();
        self.members.push(Member { name: from..from, until: from });
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        let written = self.written();
        if let Some(member) = self.members.last_mut() {
            member.name.end = written;
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        let written = self.written();
        if let Some(member) = self.members.last_mut() {
            member.until = written;
        }
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let first = self.objects.pop().unwrap_or_default();
        self.put_in_order(first);
        self.members.truncate(first);
        writer.write_all(b"}")
    }
}

/// Writes a figure as JavaScript does.
fn figure<W: ?Sized + Write>(mut writer: &mut W, value: f64) -> io::Result<()> {
    Ok(serde_json_canonicalizer::to_writer(&value, &mut writer)?)
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
            (0..2_000_u64).prop_map(|near| Value::from(EXACT_MAX - 1_000 + near)),
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
