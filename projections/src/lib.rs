#![doc = include_str!("../GLOSSARY.md")]
#![warn(missing_docs)]

pub mod accept;
pub mod account;
pub mod commitments;
pub mod contacts;
pub mod coordinates;
pub mod demand;
pub mod directives;
pub mod envelope;
pub mod epoch;
pub mod event;
pub mod experience;
pub mod fact;
pub mod figures;
pub mod form;
pub mod health;
pub mod history;
pub mod id;
pub mod image;
pub mod issues;
pub mod judgement;
pub mod kernel;
pub mod money;
mod order_book;
pub mod outlook;
pub mod policy;
pub mod position;
pub mod profile;
pub mod projection;
pub mod quadrant;
pub mod rates;
pub mod rejection;
pub mod score;
pub mod setting;
pub mod stage;
pub mod state_hash;
#[cfg(test)]
mod story;
pub mod text;
pub mod time;
pub mod trend;
pub mod wire;
