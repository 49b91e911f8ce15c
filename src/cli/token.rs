use clap::{Args, Subcommand};
use guanxi_projections::id::{AccountId, Alias, Source};
use serde_json::json;

use super::Global;
use super::failure::Failure;
use super::output::{self, Output, or_dash};
use crate::ledger::{Role, Token, TokenAsked, TokenError};

/// Say who may ask over the network, and what.
///
/// Without tokens `serve` listens to this machine alone, and whatever runs on it may do anything. Once there is a
/// token, every request needs one.
#[derive(Debug, Args)]
pub(super) struct TokenCommand {
    #[command(subcommand)]
    command: TokenSubcommand,
}

#[derive(Debug, Subcommand)]
enum TokenSubcommand {
    /// Make a token and show it, this once.
    Create {
        /// What people shall call it.
        name: String,
        /// What it may do: recorder (record events), manager (record, correct, read, decide), auditor (read, also who
        /// read what), privacy (read) or admin (everything).
        #[arg(long, value_parser = role)]
        role: Role,
        /// A source that it may write as; may be given several times.
        #[arg(long, value_parser = source)]
        source: Vec<Source>,
        /// An account that it is limited to; may be given several times.
        #[arg(long, value_parser = super::show::account)]
        account: Vec<AccountId>,
        /// A person whose accounts it is limited to; may be given several times.
        #[arg(long, value_parser = alias, value_name = "ALIAS")]
        owner: Vec<Alias>,
    },
    /// List tokens, without their secrets.
    List,
    /// Let nobody in by a token any more.
    Revoke {
        /// Its name.
        name: String,
    },
    /// Give a token another secret and show it, this once.
    Rotate {
        /// Its name.
        name: String,
    },
}

fn role(name: &str) -> Result<Role, String> {
    let names = || Role::ALL.map(Role::as_str).join(", ");
    Role::ALL.into_iter().find(|role| role.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

fn source(text: &str) -> Result<Source, String> {
    Source::new(text).map_err(|error| format!("the source {error}"))
}

fn alias(text: &str) -> Result<Alias, String> {
    Alias::new(text).map_err(|error| format!("the alias {error}"))
}

impl TokenCommand {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = match self.command {
            TokenSubcommand::List => global.open_for_reading()?,
            TokenSubcommand::Create { .. }
            | TokenSubcommand::Revoke { .. }
            | TokenSubcommand::Rotate { .. } => global.open_for_writing("guanxi token")?,
        };
        match &self.command {
            TokenSubcommand::Create { name, role, source, account, owner } => {
                let asked = TokenAsked {
                    name: name.clone(),
                    role: *role,
                    sources: source.clone(),
                    accounts: account.clone(),
                    owners: owner.clone(),
                };
                show(global, name, &ledger.create_token(asked)?)
            }
            TokenSubcommand::Rotate { name } => show(global, name, &ledger.rotate_token(name)?),
            TokenSubcommand::Revoke { name } => {
                ledger.revoke_token(name)?;
                match global.output() {
                    Output::Json => output::json(&json!({ "name": name, "revoked": true })),
                    Output::People => output::line(&format!("The token {name} lets nobody in any more.")),
                }
            }
            TokenSubcommand::List => {
                let tokens = ledger.tokens();
                list(global, tokens.iter().map(AsRef::as_ref))
            }
        }
    }
}

fn show(global: &Global, name: &str, secret: &str) -> Result<(), Failure> {
    match global.output() {
        Output::Json => output::json(&json!({ "name": name, "token": secret })),
        Output::People => {
            output::line(secret)?;
            output::notice("this is the only time that the token is shown: the ledger keeps its hash alone");
            Ok(())
        }
    }
}

fn list<'t>(global: &Global, tokens: impl Iterator<Item = &'t Token>) -> Result<(), Failure> {
    let texts = |ids: Vec<String>| ids.join(" ");
    if global.output() == Output::Json {
        let told = tokens.map(|token| {
            json!({
                "name": token.name, "role": token.role, "sources": token.sources, "accounts": token.accounts,
                "owners": token.owners, "made_at": token.made_at, "revoked_at": token.revoked_at,
            })
        });
        return output::json(&json!({ "tokens": told.collect::<Vec<_>>() }));
    }
    output::table(
        &["name", "role", "writes as", "accounts", "owners", "made at", "revoked at"],
        tokens.map(|token| {
            vec![
                token.name.clone(),
                token.role.as_str().to_owned(),
                texts(token.sources.iter().map(ToString::to_string).collect()),
                texts(token.accounts.iter().map(ToString::to_string).collect()),
                texts(token.owners.iter().map(ToString::to_string).collect()),
                token.made_at.to_string(),
                or_dash(token.revoked_at),
            ]
        }),
    )
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Ledger(error) => error.into(),
            TokenError::NoSource => Self::user(error.to_string()).hint("say it with --source"),
            TokenError::Exists(_) | TokenError::Unknown(_) | TokenError::Name => {
                Self::user(error.to_string())
            }
        }
    }
}
