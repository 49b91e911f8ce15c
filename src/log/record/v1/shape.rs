//! How a frozen shape is declared.

use guanxi_projections::event::Event;
use guanxi_projections::form::Sealed;

use crate::log::record::pack::{Fault, Reader, Writer};

/// A shape on disk that stands for a live payload.
pub(in crate::log::record) trait Frozen {
    /// The payload it stands for.
    type Live;
    /// Appends the payload in this shape: a map with every field, in the order of the declaration.
    fn write(live: &Self::Live, into: &mut Writer);
    /// Reads a payload of this shape. Fields that the shape does not have are passed over.
    fn read(from: &mut Reader<'_>) -> Result<Self::Live, Fault>;
}

/// Reads a body that is nothing but one payload.
pub(in crate::log::record) fn whole<S: Frozen>(
    mut from: Reader<'_>,
    event: fn(S::Live) -> Event<Sealed>,
) -> Result<Event<Sealed>, Fault> {
    let live = S::read(&mut from)?;
    from.end()?;
    Ok(event(live))
}

/// Declares frozen shapes: `plain`, `interaction` with the four fields that every interaction ends with, or
/// `flat` when the shape is converted by hand and so stands for itself.
///
/// The others become a struct of its own with conversions both ways. Both name every field of the live payload, so
/// that a payload which gained a field does not compile until its old shape says what that field means.
macro_rules! frozen {
    ($($(#[$doc:meta])* $kind:ident $name:ident of $live:ty {
        $($field:ident: $type:ty,)*
    } $(=> { $($new:ident: $value:expr),* $(,)? })?)+) => {$(
        $crate::log::record::v1::shape::frozen_kind! {
            $kind; $(#[$doc])*; $name; $live; $($field: $type,)*; $($($new: $value,)*)?
        }
    )+};
}
pub(in crate::log::record) use frozen;

macro_rules! frozen_kind {
    (
        interaction; $(#[$doc:meta])*; $name:ident; $live:ty; $($field:ident: $type:ty,)*;
        $($new:ident: $value:expr,)*
    ) => {
        $crate::log::record::v1::shape::frozen_kind! { plain; $(#[$doc])*; $name; $live;
            $($field: $type,)*
            scene: Option<guanxi_projections::event::Scene>,
            line: Option<guanxi_projections::event::Line>,
            task: Option<guanxi_projections::id::TaskId>,
            note: Option<guanxi_projections::form::Note<guanxi_projections::form::Sealed>>,
            ; $($new: $value,)*
        }
    };
    (
        plain; $(#[$doc:meta])*; $name:ident; $live:ty; $($field:ident: $type:ty,)*;
        $($new:ident: $value:expr,)*
    ) => {
        $crate::log::record::v1::shape::frozen_kind! {
            shape; $(#[$doc])*; $name; $live; $($field: $type,)*; $($new: $value,)*
        }

        impl From<$name> for $live {
            fn from(frozen: $name) -> Self {
                Self { $($field: frozen.$field,)* $($new: $value,)* }
            }
        }
    };
    (flat; $(#[$doc:meta])*; $name:ident; $live:ty; $($field:ident: $type:ty,)*;) => {
        $crate::log::record::v1::shape::frozen_kind! { shape; $(#[$doc])*; $name; $live; $($field: $type,)*; }
    };
    (
        shape; $(#[$doc:meta])*; $name:ident; $live:ty; $($field:ident: $type:ty,)*;
        $($new:ident: $value:expr,)*
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(in crate::log::record) struct $name {
            $($field: $type,)*
        }

        impl $crate::log::record::v1::shape::Frozen for $name {
            type Live = $live;

            fn write(live: &$live, into: &mut $crate::log::record::pack::Writer) {
                type Live = $live;
                let Live { $($field,)* $($new: _,)* } = live;
                into.map([$(stringify!($field),)*].len());
                $(
                    into.text(stringify!($field));
                    $crate::log::record::stored::Stored::write($field, into);
                )*
            }

            fn read(
                from: &mut $crate::log::record::pack::Reader<'_>,
            ) -> Result<$live, $crate::log::record::pack::Fault> {
                $(let mut $field: Option<$type> = None;)*
                let mut left = from.map()?;
                // Every writer so far wrote the fields in this order.
                $(if left > 0 && from.take_word(stringify!($field)) {
                    $crate::log::record::stored::fill(&mut $field, stringify!($field), from)?;
                    left -= 1;
                })*
                for _ in 0..left {
                    match from.text()? {
                        $(stringify!($field) => {
                            $crate::log::record::stored::fill(&mut $field, stringify!($field), from)?;
                        })*
                        _ => from.skip()?,
                    }
                }
                let frozen = $name {
                    $($field: $crate::log::record::stored::filled($field, stringify!($field))?,)*
                };
                Ok(frozen.into())
            }
        }
    };
}
pub(in crate::log::record) use frozen_kind;

/// Stores a payload that stands inside another in its own frozen shape.
macro_rules! nested {
    ($($name:ident of $live:ty),+ $(,)?) => {$(
        impl $crate::log::record::stored::Stored for $live {
            fn write(&self, into: &mut $crate::log::record::pack::Writer) {
                <$name as $crate::log::record::v1::shape::Frozen>::write(self, into);
            }
            fn read(
                from: &mut $crate::log::record::pack::Reader<'_>,
            ) -> Result<Self, $crate::log::record::pack::Fault> {
                <$name as $crate::log::record::v1::shape::Frozen>::read(from)
            }
        }
    )+};
}
pub(in crate::log::record) use nested;
