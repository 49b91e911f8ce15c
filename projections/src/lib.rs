#![doc = include_str!("../GLOSSARY.md")]
#![warn(missing_docs)]

pub mod accept;
pub mod account;
pub mod coordinates;
pub mod envelope;
pub mod epoch;
pub mod event;
pub mod fact;
pub mod form;
pub mod history;
pub mod id;
pub mod image;
pub mod kernel;
pub mod money;
mod order_book;
pub mod policy;
pub mod position;
pub mod projection;
pub mod rates;
pub mod rejection;
pub mod setting;
pub mod stage;
pub mod state_hash;
#[cfg(test)]
mod story;
pub mod text;
pub mod time;
pub mod trend;
pub mod wire;
