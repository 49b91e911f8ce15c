#![doc = include_str!("../GLOSSARY.md")]
#![warn(missing_docs)]

pub mod coordinates;
pub mod accept;
pub mod envelope;
pub mod event;
pub mod form;
pub mod history;
pub mod id;
pub mod money;
pub mod position;
pub mod projection;
pub mod rejection;
pub mod text;
pub mod time;
pub mod wire;
