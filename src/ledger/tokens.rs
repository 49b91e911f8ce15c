//! Tokens: how the ledger knows who asks over the network, and what this one may do.
//!
//! A token is shown once, when it is made; the file `tokens` in the ledger's directory has its hash alone. A token is
//! 256 random bits: there is nothing to guess, so a plain hash is enough, and one look-up finds it. Tokens are never
//! taken out of the file: a ledger that once had one stays closed to everybody without.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guanxi_projections::id::{AccountId, Actor, Alias, Source};
use guanxi_projections::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Ledger, LedgerError};

/// What every token begins with, so that a scanner finds one that was left somewhere.
const PREFIX: &str = "guanxi_";
/// Random bytes of a token.
const SECRET_BYTES: usize = 32;
/// The version of the file.
const VERSION: u32 = 1;

/// What the bearer of a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Record events as its sources, and nothing else.
    Recorder,
    /// Record, correct other sources' events, read, and decide: policies, reviews, calibrations, backtests.
    Manager,
    /// Read everything, measurements and the record of who read what included.
    Auditor,
    /// Read, to answer persons who ask what is kept of them.
    Privacy,
    /// Everything.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Recorder, Self::Manager, Self::Auditor, Self::Privacy, Self::Admin];

    /// The word for it, such as `recorder`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorder => "recorder",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::Privacy => "privacy",
            Self::Admin => "admin",
        }
    }
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What people call it. Events are recorded, and reads noted, under `token:NAME`.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The sources it may write as; none when empty.
    pub sources: Vec<Source>,
    /// The accounts it is limited to. With `owners` empty too: all.
    pub accounts: Vec<AccountId>,
    /// The persons whose accounts it is limited to, beside `accounts`.
    pub owners: Vec<Alias>,
    /// When it was made, or its secret changed.
    pub made_at: Timestamp,
    /// When it was revoked; `None` while it is good.
    pub revoked_at: Option<Timestamp>,
    /// SHA-256 of the secret, in hex.
    hash: String,
}

impl Token {
    /// Whether it is limited to some accounts.
    pub fn is_scoped(&self) -> bool {
        !(self.accounts.is_empty() && self.owners.is_empty())
    }

    /// Under whom events are recorded.
    pub fn actor(&self) -> Result<Actor, LedgerError> {
        Actor::new(format!("token:{}", self.name))
            .map_err(|error| LedgerError::OwnEvent(format!("the name of the token {error}")))
    }
}

/// What a new token shall be.
#[derive(Debug, Clone)]
pub struct TokenAsked {
    /// Its name, one of its own.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The sources it may write as.
    pub sources: Vec<Source>,
    /// The accounts it is limited to.
    pub accounts: Vec<AccountId>,
    /// The persons whose accounts it is limited to.
    pub owners: Vec<Alias>,
}

/// Why a token was not made, changed or revoked. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is taken.
    #[error("there already is a token `{0}`, or there was: names are not used twice")]
    Exists(String),
    /// There is no such token, or it was revoked.
    #[error("there is no valid token `{0}`")]
    Unknown(String),
    /// The name is not one.
    #[error("a token's name is 1 to 64 letters, digits, `.`, `-` and `_`")]
    Name,
    /// A recorder that may write as nobody could do nothing.
    #[error("a recorder needs the source that it may write as")]
    NoSource,
    /// The file could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    tokens: Vec<Token>,
}

/// The tokens of a ledger.
#[derive(Debug)]
pub(super) struct Tokens {
    path: PathBuf,
    all: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    tokens: Vec<Arc<Token>>,
    by_hash: BTreeMap<String, Arc<Token>>,
}

impl Known {
    fn of(tokens: Vec<Arc<Token>>) -> Self {
        let good = tokens.iter().filter(|token| token.revoked_at.is_none());
        let by_hash = good.map(|token| (token.hash.clone(), Arc::clone(token))).collect();
        Self { tokens, by_hash }
    }
}

impl Tokens {
    pub(super) fn open(path: PathBuf) -> Result<Self, LedgerError> {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self { path, all: RwLock::default() });
            }
            Err(source) => return Err(LedgerError::file("read", &path, source)),
        };
        let unreadable = |says: String| {
            LedgerError::file("read", &path, std::io::Error::new(ErrorKind::InvalidData, says))
        };
        let kept: Kept = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        if kept.version > VERSION {
            return Err(unreadable(format!("its version is {}; this program reads {VERSION}", kept.version)));
        }
        let known = Known::of(kept.tokens.into_iter().map(Arc::new).collect());
        Ok(Self { path, all: RwLock::new(known) })
    }

    fn list(&self) -> Vec<Arc<Token>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).tokens.clone()
    }

    /// Keeps a changed list: the file is whole before and after, whatever happens between.
    fn keep(&self, tokens: Vec<Arc<Token>>) -> Result<(), LedgerError> {
        let kept =
            Kept { version: VERSION, tokens: tokens.iter().map(|token| token.as_ref().clone()).collect() };
        let text = serde_json::to_string_pretty(&kept).map_err(LedgerError::NotJson)?;
        let new = self.path.with_extension("new");
        let write = || {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &self.path)?;
            self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        write().map_err(|source| LedgerError::file("write", &self.path, source))?;
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = Known::of(tokens);
        Ok(())
    }
}

impl Ledger {
    /// Whether it has, or ever had, a token: then nobody may ask over the network without one.
    pub fn has_tokens(&self) -> bool {
        !self.tokens.all.read().unwrap_or_else(PoisonError::into_inner).tokens.is_empty()
    }

    /// Its tokens, revoked ones included, in the order in which they were made.
    pub fn tokens(&self) -> Vec<Arc<Token>> {
        self.tokens.list()
    }

    /// The token of a secret; `None` when there is none such, or it was revoked.
    pub fn token_of(&self, secret: &str) -> Option<Arc<Token>> {
        let hash = hash_of(secret)?;
        self.tokens.all.read().unwrap_or_else(PoisonError::into_inner).by_hash.get(&hash).cloned()
    }

    /// Makes a token and gives its secret, which nobody can be told again.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn create_token(&self, asked: TokenAsked) -> Result<String, TokenError> {
        let TokenAsked { name, role, sources, accounts, owners } = asked;
        let tidy = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(tidy) {
            return Err(TokenError::Name);
        }
        if role == Role::Recorder && sources.is_empty() {
            return Err(TokenError::NoSource);
        }
        let mut tokens = self.tokens.list();
        if tokens.iter().any(|token| token.name == name) {
            return Err(TokenError::Exists(name));
        }
        let (secret, hash) = new_secret()?;
        let made_at = self.now();
        let token = Token { name, role, sources, accounts, owners, made_at, revoked_at: None, hash };
        tokens.push(Arc::new(token));
        self.tokens.keep(tokens)?;
        Ok(secret)
    }

    /// Revokes a token: from now on nobody is let in by it.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn revoke_token(&self, name: &str) -> Result<(), TokenError> {
        let now = self.now();
        self.change_token(name, |token| token.revoked_at = Some(now))
    }

    /// Gives a token another secret; the old one is good no longer.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn rotate_token(&self, name: &str) -> Result<String, TokenError> {
        let (secret, hash) = new_secret()?;
        let now = self.now();
        self.change_token(name, |token| (token.hash, token.made_at) = (hash, now))?;
        Ok(secret)
    }

    fn change_token(&self, name: &str, change: impl FnOnce(&mut Token)) -> Result<(), TokenError> {
        let mut tokens = self.tokens.list();
        let good = |token: &&mut Arc<Token>| token.name == name && token.revoked_at.is_none();
        let token = tokens.iter_mut().find(good).ok_or_else(|| TokenError::Unknown(name.to_owned()))?;
        let mut changed = token.as_ref().clone();
        change(&mut changed);
        *token = Arc::new(changed);
        Ok(self.tokens.keep(tokens)?)
    }
}

/// A secret and its hash. The last four bytes are a checksum, so that a token that was cut or mistyped is told from one
/// that is not known.
fn new_secret() -> Result<(String, String), LedgerError> {
    let mut random = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut random).map_err(LedgerError::Randomness)?;
    let mut bytes = random.to_vec();
    bytes.extend(crc32fast::hash(&random).to_be_bytes());
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = hash_of(&secret).unwrap_or_default();
    Ok((secret, hash))
}

/// The hash of a secret; `None` when it cannot be one.
fn hash_of(secret: &str) -> Option<String> {
    use std::fmt::Write as _;
    let bytes = URL_SAFE_NO_PAD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let (random, checksum) = bytes.split_at_checked(SECRET_BYTES)?;
    if checksum != crc32fast::hash(random).to_be_bytes() {
        return None;
    }
    let hash = Sha256::digest(secret.as_bytes());
    Some(hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
