//! The seam between stored shapes and today's events: (type, version) -> how to read it.
//!
//! Today every type is at version 1. To give `bid.won` a version 2:
//! 1. Leave `v1` as it is, but for the conversion of its `BidWon` into the live payload, which now says what a
//!    new field means for an old record (declare it with `{ .. } => { margin: None }`). A change of meaning
//!    is computed there as well: that is the upcast.
//! 2. Declare `v2::bid::BidWon` with [`frozen!`](super::v1::shape::frozen), and name it in [`shape`] and in
//!    [`write()`].
//! 3. Add a golden fixture for it. The fixture of version 1 stays as it was released, and must still decode.
//!
//! A new optional field, nil in old records, needs no version: older programs pass over it. A new required
//! field, a new word in a closed list, or another meaning does.

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;

use super::pack::{Fault, Reader, Writer};
use super::{RecordError, v1};

/// Reads a whole body of one type and version as today's event.
pub(super) type Shape = fn(Reader<'_>) -> Result<Event<Sealed>, Fault>;

/// How a body of this type and version is read; `None`: a newer program wrote it.
pub(super) fn shape(event_type: EventType, version: u16) -> Option<Shape> {
    match version {
        v1::VERSION => Some(v1::shape_of(event_type)),
        _ => None,
    }
}

/// Appends a body in the newest shape of its type, and says which version that is.
///
/// # Errors
/// [`RecordError::RevisionCorrected`], and what stands against encoding the new data of a correction.
pub(super) fn write(event: &Event<Sealed>, into: &mut Writer) -> Result<u16, RecordError> {
    v1::write(event, into)?;
    Ok(v1::VERSION)
}
