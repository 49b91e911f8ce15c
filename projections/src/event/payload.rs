//! How a payload is declared, and the words that many payloads share.

use serde::{Deserialize, Serialize};

use crate::form::formless;

/// Declares payloads, with the JSON of the wire and the exchange of forms.
///
/// `plain` is the same in every form; `personal` speaks of persons; `interaction` is personal and also takes
/// scene, line, task and note, as every interaction does. A field of type `Option` may be absent or null.
macro_rules! payloads {
    ($($(#[$doc:meta])* $kind:ident $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })+) => {
        $($crate::event::payload::payload! { $kind; $(#[$doc])*; $name; $($(#[$field_doc])* $field: $type,)* })+
    };
}
pub(crate) use payloads;

macro_rules! payload {
    (plain; $(#[$doc:meta])*; $name:ident; $($(#[$field_doc:meta])* $field:ident: $type:ty,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
        $crate::form::formless!($name);
    };
    (interaction; $(#[$doc:meta])*; $name:ident; $($(#[$field_doc:meta])* $field:ident: $type:ty,)*) => {
        $crate::event::payload::payload! { personal; $(#[$doc])*; $name;
            $($(#[$field_doc])* $field: $type,)*
            /// Which scene of the relationship it belongs to; `None`: the policy's default for the type.
            scene: Option<$crate::event::Scene>,
            /// Which main line of work it belongs to; `None`: the policy's default for the type.
            line: Option<$crate::event::Line>,
            /// Which core task it serves; `None`: the policy's default for the type.
            task: Option<$crate::id::TaskId>,
            /// What else is worth knowing.
            note: Option<$crate::form::Note<F>>,
        }
    };
    (personal; $(#[$doc:meta])*; $name:ident; $($(#[$field_doc:meta])* $field:ident: $type:ty,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(bound = "", deny_unknown_fields)]
        pub struct $name<F: $crate::form::Form> {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl<F: $crate::form::Form, G: $crate::form::Form> $crate::form::Reform<F, G> for $name<F> {
            type Out = $name<G>;
            fn reform<X: $crate::form::Exchange<F, G>>(
                self,
                _field: &'static str,
                exchange: &mut X,
            ) -> Result<$name<G>, X::Error> {
                Ok($name {
                    $($field: $crate::form::Reform::<F, G>::reform(self.$field, stringify!($field), exchange)?,)*
                })
            }
            fn persons<'a>(&'a self, into: &mut Vec<&'a F::Person>) {
                $($crate::form::Reform::<F, G>::persons(&self.$field, into);)*
            }
        }
    };
}
pub(crate) use payload;

/// Declares closed lists of words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
        $crate::form::formless!($name);
    )+};
}
pub(crate) use words;

words! {
    /// A scene 场景 of the relationship.
    Scene {
        /// 售前: before anything is offered.
        Presales = "presales",
        /// 打单: while an offer is fought for.
        Bidding = "bidding",
        /// 交付: while we deliver.
        Delivery = "delivery",
        /// 售后: afterwards.
        Aftersales = "aftersales",
    }

    /// A main line 主线 of work on an account.
    Line {
        /// 销售过程: the sales process.
        SalesProcess = "sales_process",
        /// 支持: support.
        Support = "support",
        /// 人脉: connections between people.
        Connections = "connections",
        /// 项目行为: conduct of projects.
        Project = "project",
        /// 客户服务: customer service.
        Service = "service",
    }

    /// One of the two sides of the relationship.
    Side {
        /// Our company.
        Us = "us",
        /// The customer.
        Customer = "customer",
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($inner:ty, $inner_name:literal) = $range:expr, $says:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = $inner_name, into = $inner_name)]
        pub struct $name($inner);

        impl $name {
            /// The number.
            pub fn get(self) -> $inner {
                self.0
            }
        }

        impl TryFrom<$inner> for $name {
            type Error = String;
            fn try_from(number: $inner) -> Result<Self, String> {
                if ($range).contains(&number) { Ok(Self(number)) } else { Err(format!($says, number)) }
            }
        }

        impl From<$name> for $inner {
            fn from(number: $name) -> $inner {
                number.0
            }
        }
        formless!($name);
    )+};
}

numbers! {
    /// A share or degree, 0 to 1.
    Ratio(f64, "f64") = 0.0..=1.0, "`{}` is not between 0 and 1";
    /// Customer satisfaction, 1 to 5.
    Csat(u8, "u8") = 1..=5, "`{}` is not between 1 and 5";
    /// How likely the customer recommends us, 0 to 10.
    Nps(u8, "u8") = 0..=10, "`{}` is not between 0 and 10";
    /// Minutes that a meeting took, at most 31 days of them.
    Minutes(u32, "u32") = 0..=44_640, "`{}` minutes are more than a month";
    /// Hours of work.
    Hours(f64, "f64") = 0.0..=100_000.0, "`{}` is not between 0 and 100000 hours";
    /// A number that an objective is measured by.
    Measure(f64, "f64") = -1e15..=1e15, "`{}` is not a number of a size that can be measured";
}
