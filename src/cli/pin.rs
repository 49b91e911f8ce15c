use clap::Args;
use guanxi_projections::id::AccountId;
use guanxi_projections::position::Position;
use guanxi_projections::text::Label;
use guanxi_projections::time::When;
use serde_json::json;

use super::failure::Failure;
use super::output::{self, Output};
use super::policy::reason;
use super::show::account;
use super::{Global, local_actor};
use crate::words::Words;

/// Keep an account on the key list, from the next review on, until a date.
#[derive(Debug, Args)]
pub(super) struct Pin {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// Up to when: a date (its end) or a timestamp.
    #[arg(long, value_name = "TIME")]
    until: When,
    /// Why.
    #[arg(long, value_parser = reason)]
    reason: Label,
}

/// Keep an account off the key list, from the next review on, until a date; without one, only lift a pin.
#[derive(Debug, Args)]
pub(super) struct Unpin {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// Up to when it is kept off: a date (its end) or a timestamp.
    #[arg(long, value_name = "TIME")]
    until: Option<When>,
    /// Why.
    #[arg(long, value_parser = reason)]
    reason: Label,
}

impl Pin {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let Self { account, until, reason } = self;
        let ledger = global.open_for_writing("guanxi pin")?;
        let position = ledger.pin(&local_actor()?, account, *until, reason.clone())?;
        match global.output() {
            Output::Json => output::json(
                &json!({ "position": position, "account": account, "until": until, "reason": reason }),
            ),
            Output::People => {
                let says = [("until", until.to_string().into()), ("account", account.as_str().into())];
                let words = global.words();
                recorded(words, words.say("pin-on", &says), position)
            }
        }
    }
}

impl Unpin {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let Self { account, until, reason } = self;
        let ledger = global.open_for_writing("guanxi unpin")?;
        let position = ledger.unpin(&local_actor()?, account, *until, reason.clone())?;
        if global.output() == Output::Json {
            return output::json(
                &json!({ "position": position, "account": account, "until": until, "reason": reason }),
            );
        }
        let words = global.words();
        let mut says = vec![("account", account.as_str().into())];
        says.extend(until.map(|until| ("until", until.to_string().into())));
        let decided = words.say(if until.is_some() { "pin-off" } else { "pin-none" }, &says);
        recorded(words, decided, position)
    }
}

fn recorded(words: Words, decided: String, position: Position) -> Result<(), Failure> {
    let says = [("decided", decided.into()), ("position", position.to_string().into())];
    output::line(&words.say("pin-recorded", &says))
}
