//! The envelope: the facts around an event, in a fixed order behind the frame version.
//!
//! It is a `MessagePack` list of [`FIELDS`] values. Positional, since it is written inside the commit and read
//! for every record; a change of it is a new frame version.

use guanxi_projections::envelope::{Envelope, Heading};
use guanxi_projections::event::EventType;
use guanxi_projections::id::{AccountId, Actor, CorrelationId, EventId, InvalidId, Source};
use guanxi_projections::image::Recording;
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::time::{Precision, Timestamp};

use super::pack::{Reader, Reason, Writer};
use super::{EncodedBody, Place, RecordError, frame};

/// How many values the envelope has, the body included.
const FIELDS: usize = 16;

/// Appends the envelope with the body at its end.
pub(super) fn write(into: &mut Writer, place: &Place, actor: &Actor, heading: &Heading, body: &EncodedBody) {
    into.list(FIELDS);
    into.uint(place.position.0);
    into.uint(place.sequence.0);
    into.int(place.recorded_at.micros());
    into.int(heading.occurred_at.micros());
    into.text(&body.event_type);
    into.uint(u64::from(body.version));
    into.text(heading.account.as_str());
    into.text(heading.source.as_str());
    into.text(heading.id.as_str());
    into.text(actor.as_str());
    into.uint(precision_code(heading.precision));
    optional_text(into, heading.correlation.as_ref().map(CorrelationId::as_str));
    optional_text(into, heading.causation.as_ref().map(EventId::as_str));
    match heading.source_recorded_at {
        Some(claimed) => into.int(claimed.micros()),
        None => into.nil(),
    }
    into.bytes(&place.prev);
    into.bytes(&body.bytes);
}

fn optional_text(into: &mut Writer, text: Option<&str>) {
    match text {
        Some(text) => into.text(text),
        None => into.nil(),
    }
}

fn precision_code(precision: Precision) -> u64 {
    match precision {
        Precision::Instant => 0,
        Precision::Day => 1,
        Precision::Month => 2,
    }
}

/// What an envelope begins with; `T` is how its texts are read.
#[derive(Debug, Clone)]
struct Front<T> {
    position: Position,
    sequence: Sequence,
    recorded_at: Timestamp,
    occurred_at: Timestamp,
    event_type: T,
    version: u16,
    account: T,
}

impl<T> Front<T> {
    fn read<'a>(
        from: &mut Reader<'a>,
        text: impl Fn(&mut Reader<'a>) -> Result<T, Reason>,
    ) -> Result<Self, RecordError> {
        match from.list() {
            Ok(FIELDS) => {}
            Ok(_) => return Err(at("envelope")(Reason::NotA("a list of 16 values"))),
            Err(reason) => return Err(at("envelope")(reason)),
        }
        Ok(Self {
            position: from.uint().map(Position).map_err(at("position"))?,
            sequence: from.uint().map(Sequence).map_err(at("sequence"))?,
            recorded_at: instant(from).map_err(at("recorded_at"))?,
            occurred_at: instant(from).map_err(at("occurred_at"))?,
            event_type: text(from).map_err(at("type"))?,
            version: version(from).map_err(at("type version"))?,
            account: text(from).map_err(at("account"))?,
        })
    }
}

fn at(field: &'static str) -> impl Fn(Reason) -> RecordError {
    move |reason| RecordError::Envelope { field, reason }
}

/// What a fold reads of an envelope, of a record whose frame has been checked: the fields between are passed over.
#[derive(Debug, Clone)]
pub(crate) struct Glance<'a> {
    front: Front<&'a [u8]>,
    body: &'a [u8],
}

impl<'a> Glance<'a> {
    /// Checks the frame as [`Head::parse`] does, and reads little else. Cost: O(bytes), dominated by the checksum.
    ///
    /// # Errors
    /// What is wrong, and in which field of the envelope.
    pub(crate) fn parse(frame: &'a [u8]) -> Result<Self, RecordError> {
        let mut from = Reader::new(frame::open(frame)?);
        let front = Front::read(&mut from, Reader::text_bytes)?;
        // Source, id, actor, precision, correlation, causation, the source's time, the previous event's hash.
        (0..8).try_for_each(|_| from.skip()).map_err(at("envelope"))?;
        let body = from.bytes().map_err(at("body"))?;
        from.end().map_err(at("envelope"))?;
        Ok(Self { front, body })
    }

    /// Where it stands and when it happened.
    pub(crate) fn recording(&self) -> Recording {
        let Front { position, recorded_at, occurred_at, .. } = self.front;
        Recording { position, recorded_at, occurred_at }
    }

    /// The event's type; `None` for one that this program does not know.
    pub(crate) fn event_type(&self) -> Option<EventType> {
        EventType::spelt(self.front.event_type)
    }

    /// The version of the body's shape.
    pub(crate) fn version(&self) -> u16 {
        self.front.version
    }

    /// Whose stream it belongs to, in UTF-8 that nobody has judged: see [`account`].
    pub(crate) fn account(&self) -> &'a [u8] {
        self.front.account
    }

    /// The body as it was encoded.
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }
}

/// The text of an account.
///
/// # Errors
/// [`RecordError::Envelope`] when it is none.
pub(crate) fn account(bytes: &[u8]) -> Result<&str, RecordError> {
    std::str::from_utf8(bytes).map_err(|_| at("account")(Reason::NotA("text in UTF-8")))
}

/// The account as an identifier.
///
/// # Errors
/// [`RecordError::Envelope`] when it is none.
pub(crate) fn account_id(bytes: &[u8]) -> Result<AccountId, RecordError> {
    named("account", account(bytes)?, AccountId::new)
}

/// A record whose frame and envelope have been checked; nothing is copied out of it.
///
/// The body is not looked into, and identifiers are text that nobody has judged yet: [`super::decode`] does
/// both.
#[derive(Debug, Clone)]
pub(crate) struct Head<'a> {
    front: Front<&'a str>,
    source: &'a str,
    id: &'a str,
    actor: &'a str,
    precision: Precision,
    correlation: Option<&'a str>,
    causation: Option<&'a str>,
    source_recorded_at: Option<Timestamp>,
    prev: &'a [u8; 32],
    body: &'a [u8],
}

impl<'a> Head<'a> {
    /// Checks magic, version, codec, flags, checksum and every length of a frame. Cost: O(bytes), dominated by
    /// the checksum.
    ///
    /// # Errors
    /// What is wrong, and in which field of the envelope.
    pub(crate) fn parse(frame: &'a [u8]) -> Result<Self, RecordError> {
        let mut from = Reader::new(frame::open(frame)?);
        let head = Self {
            front: Front::read(&mut from, Reader::text)?,
            source: from.text().map_err(at("source"))?,
            id: from.text().map_err(at("id"))?,
            actor: from.text().map_err(at("actor"))?,
            precision: precision(&mut from).map_err(at("precision"))?,
            correlation: optional(&mut from, Reader::text).map_err(at("correlation"))?,
            causation: optional(&mut from, Reader::text).map_err(at("causation"))?,
            source_recorded_at: optional(&mut from, instant).map_err(at("source_recorded_at"))?,
            prev: from.bytes().and_then(hash).map_err(at("prev"))?,
            body: from.bytes().map_err(at("body"))?,
        };
        from.end().map_err(at("envelope"))?;
        Ok(head)
    }

    /// Place in the log.
    pub(crate) fn position(&self) -> Position {
        self.front.position
    }

    /// Place in the stream.
    pub(crate) fn sequence(&self) -> Sequence {
        self.front.sequence
    }

    /// When the ledger recorded it.
    pub(crate) fn recorded_at(&self) -> Timestamp {
        self.front.recorded_at
    }

    /// The name of the event's type, which this program need not know.
    pub(crate) fn event_type(&self) -> &'a str {
        self.front.event_type
    }

    /// The version of the body's shape.
    pub(crate) fn version(&self) -> u16 {
        self.front.version
    }

    /// Whose stream it belongs to.
    pub(crate) fn account(&self) -> &'a str {
        self.front.account
    }

    /// Who submitted it.
    pub(crate) fn source(&self) -> &'a str {
        self.source
    }

    /// The source's name for it.
    pub(crate) fn id(&self) -> &'a str {
        self.id
    }

    /// The leaf hash of the stream's previous event; zeros for the first.
    pub(crate) fn prev(&self) -> &'a [u8; 32] {
        self.prev
    }

    /// The body as it was encoded.
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The envelope, copied out and its identifiers judged.
    ///
    /// # Errors
    /// [`RecordError::Envelope`] naming the identifier that is none.
    pub(crate) fn envelope(&self) -> Result<Envelope, RecordError> {
        Ok(Envelope {
            position: self.front.position,
            sequence: self.front.sequence,
            recorded_at: self.front.recorded_at,
            actor: named("actor", self.actor, Actor::new)?,
            heading: Heading {
                source: named("source", self.source, Source::new)?,
                id: named("id", self.id, EventId::new)?,
                account: named("account", self.front.account, AccountId::new)?,
                occurred_at: self.front.occurred_at,
                precision: self.precision,
                correlation: self
                    .correlation
                    .map(|text| named("correlation", text, CorrelationId::new))
                    .transpose()?,
                causation: self.causation.map(|text| named("causation", text, EventId::new)).transpose()?,
                source_recorded_at: self.source_recorded_at,
            },
        })
    }
}

fn named<T>(
    field: &'static str,
    text: &str,
    take: impl Fn(String) -> Result<T, InvalidId>,
) -> Result<T, RecordError> {
    take(text.to_owned())
        .map_err(|invalid| RecordError::Envelope { field, reason: Reason::Invalid(format!("it {invalid}")) })
}

/// An instant that can be named.
pub(super) fn instant(from: &mut Reader<'_>) -> Result<Timestamp, Reason> {
    let micros = from.int()?;
    let instant = Timestamp::from_micros(micros);
    if instant.micros() == micros {
        Ok(instant)
    } else {
        Err(Reason::Invalid("it lies outside the years 0000 to 9999".to_owned()))
    }
}

fn version(from: &mut Reader<'_>) -> Result<u16, Reason> {
    u16::try_from(from.uint()?).map_err(|_| Reason::NotA("a version number below 65536"))
}

fn precision(from: &mut Reader<'_>) -> Result<Precision, Reason> {
    match from.uint()? {
        0 => Ok(Precision::Instant),
        1 => Ok(Precision::Day),
        2 => Ok(Precision::Month),
        _ => Err(Reason::NotA("a known precision")),
    }
}

fn optional<'a, T>(
    from: &mut Reader<'a>,
    read: impl Fn(&mut Reader<'a>) -> Result<T, Reason>,
) -> Result<Option<T>, Reason> {
    if from.take_nil() { Ok(None) } else { read(from).map(Some) }
}

fn hash(bytes: &[u8]) -> Result<&[u8; 32], Reason> {
    bytes.try_into().map_err(|_| Reason::NotA("a hash of 32 bytes"))
}
