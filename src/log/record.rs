//! Records: the bytes of an event on disk, and the one path that reads them.
//!
//! A record is a frame (recognisable, checked) around an envelope (the facts of the recording, positional)
//! whose last value is the body (the payload, a map with named fields, opaque to everything but [`decode`]).
//! `FORMAT.md` beside this file's folder says it byte by byte. The bytes stored are the bytes hashed: nothing
//! here is ever encoded a second time to check it.
//!
//! This room does not know where records are kept, and it has no key: what is sealed stays sealed.
//!
//! Shapes on disk are apart from the live payloads: one frozen shape per (type, version), see [`v1`]; a
//! payload may grow without any stored byte changing its meaning, and [`upcast`] is where old and new meet.

mod envelope;
mod frame;
mod pack;
mod shown;
mod stored;
mod upcast;
mod v1;

use std::borrow::Cow;

use guanxi_projections::envelope::{Body, Heading, Recorded};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::Actor;
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::time::Timestamp;
use sha2::{Digest as _, Sha256};

pub(crate) use envelope::{Glance, Head, account, account_id};
pub(crate) use frame::RECORD_BYTES_MAX;
pub use pack::Reason;
use pack::{Fault, Reader, Writer};

/// Why bytes are no record, or an event cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// More bytes than a record may have.
    #[error("the record has {0} bytes, more than the {RECORD_BYTES_MAX} allowed")]
    TooLarge(usize),
    /// Fewer bytes than any record has.
    #[error("the record is cut short: it has {0} bytes")]
    Short(usize),
    /// Other bytes than a record begins with.
    #[error("the bytes are no record: they do not begin with `GX`")]
    NotARecord,
    /// A frame of another version.
    #[error("the record has frame version {0}, which this program does not know: it needs a newer one")]
    FrameVersion(u8),
    /// A payload in another codec.
    #[error("the record's payload has codec {0}, which this program does not know: it needs a newer one")]
    Codec(u8),
    /// Flags that are not set by this version.
    #[error("the record has flags {0:#04x}, which this program does not know: it needs a newer one")]
    Flags(u8),
    /// The bytes are not those that were written.
    #[error("the record is damaged: its checksum is {computed:08x} and should be {stored:08x}")]
    Checksum {
        /// What the frame says.
        stored: u32,
        /// What its bytes give.
        computed: u32,
    },
    /// The envelope is not one.
    #[error("the field `{field}` of the record's envelope is wrong")]
    Envelope {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        #[source]
        reason: Reason,
    },
    /// The body is not one of its type and version.
    #[error("the field `{field}` of a `{event_type}` of version {version} is wrong")]
    Body {
        /// The type.
        event_type: String,
        /// The version of its shape.
        version: u16,
        /// Which field, from the outside inwards; empty for the body as a whole.
        field: String,
        /// What is wrong with it.
        #[source]
        reason: Reason,
    },
    /// A correction whose new data is that of a revision.
    #[error("the new data of a correction is that of a `{0}`, which cannot be corrected")]
    RevisionCorrected(&'static str),
}

/// A payload in the newest stored shape of its type: made outside the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedBody {
    /// The name of its type.
    pub(crate) event_type: Cow<'static, str>,
    /// The version of its shape.
    pub(crate) version: u16,
    /// `MessagePack`: a map with named fields.
    pub(crate) bytes: Vec<u8>,
}

impl EncodedBody {
    /// Encodes an event in the newest shape of its type.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] when no envelope would fit around it, and
    /// [`RecordError::RevisionCorrected`].
    pub fn of(event: &Event<Sealed>) -> Result<Self, RecordError> {
        let event_type = event.event_type();
        let mut into = Writer::after(Vec::with_capacity(128));
        let version = upcast::write(event, &mut into)?;
        let bytes = into.into_bytes();
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(RecordError::TooLarge(bytes.len()));
        }
        Ok(Self { event_type: Cow::Borrowed(event_type.as_str()), version, bytes })
    }
}

/// The facts of a recording that are assigned inside the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Place in the log.
    pub(crate) position: Position,
    /// Place in the stream.
    pub(crate) sequence: Sequence,
    /// When it is recorded.
    pub(crate) recorded_at: Timestamp,
    /// The leaf hash of the stream's previous event; zeros for the first.
    pub(crate) prev: [u8; 32],
}

/// Appends the record to `into`. Cost: O(bytes), no allocation but the growth of `into`.
///
/// # Errors
/// [`RecordError::TooLarge`]; `into` is then as it was.
pub(crate) fn encode(
    into: &mut Vec<u8>,
    place: &Place,
    actor: &Actor,
    heading: &Heading,
    body: &EncodedBody,
) -> Result<(), RecordError> {
    let start = into.len();
    frame::begin(into);
    let mut writer = Writer::after(std::mem::take(into));
    envelope::write(&mut writer, place, actor, heading, body);
    *into = writer.into_bytes();
    frame::end(into, start)
}

/// Reads a record.
///
/// # Errors
/// What is wrong, and in which field.
pub(crate) fn decode(frame: &[u8]) -> Result<Recorded, RecordError> {
    decode_body(&Head::parse(frame)?)
}

/// Reads the rest of a record whose head was read: the one decode path, for every reader and every version.
///
/// A type or version that this program does not know gives [`Body::Unknown`], shown as well as can be; so does
/// a correction that carries data of such a shape.
///
/// # Errors
/// What is wrong, and in which field.
pub(crate) fn decode_body(head: &Head<'_>) -> Result<Recorded, RecordError> {
    decode_by(head, upcast::shape)
}

/// Finds the shape of a type and version; `None` when this program does not know it.
type FindShape = fn(EventType, u16) -> Option<upcast::Shape>;

fn decode_by(head: &Head<'_>, find: FindShape) -> Result<Recorded, RecordError> {
    let known = EventType::named(head.event_type());
    let read = |known| event_by(known, head.version(), Reader::new(head.body()), find);
    let event = known.map(read).transpose()?.flatten();
    let body = match event {
        Some(event) => Body::Known(Box::new(event)),
        None => unknown(head).map_err(|fault| in_body(head.event_type(), head.version(), fault))?,
    };
    Ok(Recorded { envelope: head.envelope()?, body })
}

/// Reads what happened alone, from the body of a record, with empty texts in place of the sealed ones; `None` for a
/// version that this program does not know.
///
/// # Errors
/// What is wrong, and in which field.
pub(crate) fn event_without_sealed_texts(
    event_type: EventType,
    version: u16,
    body: &[u8],
) -> Result<Option<Event<Sealed>>, RecordError> {
    event_by(event_type, version, Reader::without_sealed_texts(body), upcast::shape)
}

fn event_by(
    event_type: EventType,
    version: u16,
    body: Reader<'_>,
    find: FindShape,
) -> Result<Option<Event<Sealed>>, RecordError> {
    let Some(shape) = find(event_type, version) else { return Ok(None) };
    match shape(body) {
        Err(fault) if fault.reason == Reason::NewerShape => Ok(None),
        read => read.map(Some).map_err(|fault| in_body(event_type.as_str(), version, fault)),
    }
}

fn in_body(event_type: &str, version: u16, fault: Fault) -> RecordError {
    RecordError::Body { event_type: event_type.to_owned(), version, field: fault.at, reason: fault.reason }
}

fn unknown(head: &Head<'_>) -> Result<Body, Fault> {
    Ok(Body::Unknown {
        event_type: head.event_type().to_owned(),
        version: head.version(),
        data: shown::json(head.body())?,
    })
}

/// The leaf of the Merkle tree. Formula: SHA-256(0x00 || record). Source: RFC 6962, section 2.1.
pub(crate) fn leaf_hash(frame: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(frame).finalize().into()
}

#[cfg(test)]
mod tests;
