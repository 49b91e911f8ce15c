//! `MessagePack`, word by word: what a record is written with and read by.
//!
//! Invariant: the reader never allocates more than the bytes it was given could fill, and never panics. `rmp`
//! offers a length estimator that would do the skipping, but it panics on extension types.

use rmp::Marker;
use rmp::encode::{ByteBuf, ValueWriteError};

/// The deepest nesting of lists and maps that is read.
pub(super) const DEPTH_MAX: u8 = 32;

/// What is wrong at one place of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The bytes end before the value does.
    #[error("it is cut short")]
    Short,
    /// There is a value of another kind.
    #[error("it is not {0}")]
    NotA(&'static str),
    /// The value is of the right kind but not a legal one.
    #[error("{0}")]
    Invalid(String),
    /// A required field is not there.
    #[error("it is missing")]
    Missing,
    /// A key stands twice in one map.
    #[error("it stands there twice")]
    Twice,
    /// Lists and maps are nested too deeply.
    #[error("it is nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// There are bytes after the end.
    #[error("{0} bytes follow its end")]
    Trailing(usize),
    /// A correction carries data of a shape that this program does not know.
    #[error("its shape was written by a newer program")]
    NewerShape,
}

/// What is wrong with a body, and in which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Names and indexes from the outside inwards, joined by `/`.
    pub(super) at: String,
    pub(super) reason: Reason,
}

impl Fault {
    /// The same fault seen from one level further out.
    pub(super) fn inside(mut self, outer: &str) -> Self {
        self.at = if self.at.is_empty() { outer.to_owned() } else { format!("{outer}/{}", self.at) };
        self
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { at: String::new(), reason }
    }
}

/// Appends values, each in its shortest form.
#[derive(Debug)]
pub(super) struct Writer(ByteBuf);

/// Writing into memory cannot fail, and the type says so.
#[expect(clippy::needless_pass_by_value, reason = "a result of rmp is handed over as it comes")]
fn sure<T>(result: Result<T, ValueWriteError<std::convert::Infallible>>) {
    let Ok(_) = result;
}

impl Writer {
    /// Goes on after the bytes given.
    pub(super) fn after(bytes: Vec<u8>) -> Self {
        Self(ByteBuf::from_vec(bytes))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_vec()
    }

    pub(super) fn nil(&mut self) {
        let Ok(()) = rmp::encode::write_nil(&mut self.0);
    }

    #[expect(clippy::fn_params_excessive_bools, reason = "the truth value is what is written")]
    pub(super) fn bool(&mut self, value: bool) {
        let Ok(()) = rmp::encode::write_bool(&mut self.0, value);
    }

    pub(super) fn uint(&mut self, value: u64) {
        sure(rmp::encode::write_uint(&mut self.0, value));
    }

    pub(super) fn int(&mut self, value: i64) {
        sure(rmp::encode::write_sint(&mut self.0, value));
    }

    pub(super) fn float(&mut self, value: f64) {
        sure(rmp::encode::write_f64(&mut self.0, value));
    }

    pub(super) fn text(&mut self, value: &str) {
        sure(rmp::encode::write_str(&mut self.0, value));
    }

    pub(super) fn bytes(&mut self, value: &[u8]) {
        sure(rmp::encode::write_bin(&mut self.0, value));
    }

    /// Begins a list. No list of a record reaches 2^32 entries: a record has at most 65,535 bytes.
    pub(super) fn list(&mut self, len: usize) {
        sure(rmp::encode::write_array_len(&mut self.0, u32::try_from(len).unwrap_or(u32::MAX)));
    }

    /// Begins a map; bounded as [`Writer::list`].
    pub(super) fn map(&mut self, len: usize) {
        sure(rmp::encode::write_map_len(&mut self.0, u32::try_from(len).unwrap_or(u32::MAX)));
    }
}

/// Takes values from the front of a slice, borrowing texts and bytes. The forms that records have most are read
/// here, the others by `rmp`: every question begins with a replay of the log.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    sealed: SealedTexts,
}

/// What becomes of sealed texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SealedTexts {
    /// They are read.
    Read,
    /// They are passed over, and are empty in what is read: no figure reads them.
    PassedOver,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, sealed: SealedTexts::Read }
    }

    /// The same for what no figure reads.
    pub(super) fn without_sealed_texts(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, sealed: SealedTexts::PassedOver }
    }

    /// A reader of other bytes that does with sealed texts as this one does.
    pub(super) fn of<'b>(&self, bytes: &'b [u8]) -> Reader<'b> {
        Reader { rest: bytes, sealed: self.sealed }
    }

    /// Accepts the end of the bytes and nothing else.
    pub(super) fn end(&self) -> Result<(), Reason> {
        if self.rest.is_empty() { Ok(()) } else { Err(Reason::Trailing(self.rest.len())) }
    }

    /// Whether the next value is of a kind.
    fn next_is(&self, kind: impl Fn(Marker) -> bool) -> bool {
        self.rest.first().is_some_and(|first| kind(Marker::from_u8(*first)))
    }

    /// What went wrong when a value of a kind was expected.
    fn not(&self, kind: &'static str) -> Reason {
        if self.rest.is_empty() { Reason::Short } else { Reason::NotA(kind) }
    }

    /// Takes a nil if the next value is one, and says whether it was.
    pub(super) fn take_nil(&mut self) -> bool {
        let nil = self.next_is(|marker| marker == Marker::Null);
        if nil {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        nil
    }

    pub(super) fn bool(&mut self) -> Result<bool, Reason> {
        let reason = self.not("a truth value");
        rmp::decode::read_bool(&mut self.rest).map_err(|_| reason)
    }

    pub(super) fn uint(&mut self) -> Result<u64, Reason> {
        if let [small @ 0..=0x7f, rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(u64::from(*small));
        }
        let reason = self.not("a whole number of 0 or more");
        rmp::decode::read_int(&mut self.rest).map_err(|_| reason)
    }

    pub(super) fn int(&mut self) -> Result<i64, Reason> {
        // Instants of the last decades.
        if let Some((&[0xcf, high @ 0..=0x7f, a, b, c, d, e, f, g], rest)) = self.rest.split_first_chunk() {
            self.rest = rest;
            return Ok(i64::from_be_bytes([high, a, b, c, d, e, f, g]));
        }
        let reason = self.not("a whole number");
        rmp::decode::read_int(&mut self.rest).map_err(|_| reason)
    }

    pub(super) fn float(&mut self) -> Result<f64, Reason> {
        let reason = self.not("a number with a point");
        rmp::decode::read_f64(&mut self.rest).map_err(|_| reason)
    }

    /// Whether the next value is text.
    pub(super) fn next_is_text(&self) -> bool {
        self.next_is(|marker| {
            matches!(marker, Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32)
        })
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Reason> {
        std::str::from_utf8(self.text_bytes()?).map_err(|_| Reason::NotA("text in UTF-8"))
    }

    /// The bytes of a text, which nobody has judged.
    pub(super) fn text_bytes(&mut self) -> Result<&'a [u8], Reason> {
        if let [short @ 0xa0..=0xbf, rest @ ..] = self.rest {
            self.rest = rest;
            return self.take(u32::from(short & 0x1f));
        }
        if !self.next_is_text() {
            return Err(self.not("text"));
        }
        let len = rmp::decode::read_str_len(&mut self.rest).map_err(|_| Reason::Short)?;
        self.take(len)
    }

    fn marker(&mut self) -> Result<Marker, Reason> {
        Ok(Marker::from_u8(self.take(1)?.first().copied().unwrap_or_default()))
    }

    /// Passes over a text of less than 32 bytes if it comes next, and says whether it did.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let after = match self.rest {
            [short @ 0xa0..=0xbf, rest @ ..] if usize::from(short & 0x1f) == word.len() => {
                rest.strip_prefix(word.as_bytes())
            }
            _ => None,
        };
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Reason> {
        if let [0xc4, len, rest @ ..] = self.rest {
            self.rest = rest;
            return self.take(u32::from(*len));
        }
        let reason = self.not("bytes");
        let len = rmp::decode::read_bin_len(&mut self.rest).map_err(|_| reason)?;
        self.take(len)
    }

    /// The bytes of a sealed text; none when those are passed over.
    pub(super) fn sealed_text(&mut self) -> Result<&'a [u8], Reason> {
        let bytes = self.bytes()?;
        Ok(if self.sealed == SealedTexts::Read { bytes } else { &[] })
    }

    /// Begins a list and says how many values follow: never more than bytes are left.
    pub(super) fn list(&mut self) -> Result<usize, Reason> {
        let reason = self.not("a list");
        let len = rmp::decode::read_array_len(&mut self.rest).map_err(|_| reason)?;
        self.bounded(len, 1)
    }

    /// Begins a map and says how many pairs follow: never more than bytes are left.
    pub(super) fn map(&mut self) -> Result<usize, Reason> {
        if let [small @ 0x80..=0x8f, rest @ ..] = self.rest {
            self.rest = rest;
            return self.bounded(u32::from(small & 0x0f), 2);
        }
        let reason = self.not("a map with named fields");
        let len = rmp::decode::read_map_len(&mut self.rest).map_err(|_| reason)?;
        self.bounded(len, 2)
    }

    fn bounded(&self, len: u32, bytes_each: usize) -> Result<usize, Reason> {
        let len = len as usize;
        if len > self.rest.len() / bytes_each { Err(Reason::Short) } else { Ok(len) }
    }

    fn take(&mut self, len: u32) -> Result<&'a [u8], Reason> {
        let (taken, rest) = self.rest.split_at_checked(len as usize).ok_or(Reason::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The length that stands in the next `width` bytes, big endian.
    fn length(&mut self, width: u32) -> Result<u32, Reason> {
        Ok(self.take(width)?.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
    }

    /// Passes over one value, whatever it is. Cost: O(bytes of the value).
    pub(super) fn skip(&mut self) -> Result<(), Reason> {
        self.skip_within(DEPTH_MAX)
    }

    fn skip_within(&mut self, depth: u8) -> Result<(), Reason> {
        let marker = self.marker()?;
        let bytes = match marker {
            Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => 0,
            Marker::U8 | Marker::I8 => 1,
            Marker::U16 | Marker::I16 | Marker::FixExt1 => 2,
            Marker::FixExt2 => 3,
            Marker::U32 | Marker::I32 | Marker::F32 => 4,
            Marker::FixExt4 => 5,
            Marker::U64 | Marker::I64 | Marker::F64 => 8,
            Marker::FixExt8 => 9,
            Marker::FixExt16 => 17,
            Marker::FixStr(len) => u32::from(len),
            Marker::Str8 | Marker::Bin8 => self.length(1)?,
            Marker::Str16 | Marker::Bin16 => self.length(2)?,
            Marker::Str32 | Marker::Bin32 => self.length(4)?,
            Marker::Ext8 => self.length(1)?.saturating_add(1),
            Marker::Ext16 => self.length(2)?.saturating_add(1),
            Marker::Ext32 => self.length(4)?.saturating_add(1),
            Marker::FixArray(len) => return self.skip_values(u32::from(len), 1, depth),
            Marker::Array16 => return self.length(2).and_then(|len| self.skip_values(len, 1, depth)),
            Marker::Array32 => return self.length(4).and_then(|len| self.skip_values(len, 1, depth)),
            Marker::FixMap(len) => return self.skip_values(u32::from(len), 2, depth),
            Marker::Map16 => return self.length(2).and_then(|len| self.skip_values(len, 2, depth)),
            Marker::Map32 => return self.length(4).and_then(|len| self.skip_values(len, 2, depth)),
            Marker::Reserved => return Err(Reason::NotA("MessagePack")),
        };
        self.take(bytes).map(|_| ())
    }

    fn skip_values(&mut self, len: u32, values_each: usize, depth: u8) -> Result<(), Reason> {
        let inner = depth.checked_sub(1).ok_or(Reason::TooDeep)?;
        let len = self.bounded(len, values_each)?;
        (0..len * values_each).try_for_each(|_| self.skip_within(inner))
    }
}
