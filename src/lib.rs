//! guanxi: an event-sourced ledger of account relationships.
//!
//! Whatever happens between a company and its customers is appended as an event that nobody can change. What an
//! account *was* is never stored: it is folded from its events, at any time T, as known at any time K.
//!
//! # Code map
//!
//! Two crates. [`guanxi_projections`] is the pure core: it has no clock, files, threads or randomness, and it
//! means the same on every machine. This crate is the shell around it. Arrows point one way, and
//! `tests/it/tidy/layers.rs` holds them:
//!
//! ```text
//! cli, http ──> ledger ──> log ─────> guanxi_projections
//!     └──> import, words └─> people ─┘
//! ```
//!
//! | room | what it knows | what it must not know |
//! |---|---|---|
//! | [`guanxi_projections`] | events, rules of acceptance, effective history, policies, folds, the wire format | that there is a machine |
//! | [`log`] | records, their order, their tree, the store (it alone names redb) | what an event means to anybody, and who asks |
//! | [`people`] | aliases and keys of persons; sealing and opening | the log, and where the ledger lies |
//! | [`ledger`] | submitting and asking: how a draft becomes a record and a stream an answer | terminals, HTTP, pages |
//! | [`import`] | files and tables, and what they say as drafts | the ledger, and the terminal |
//! | [`words`] | sentences and names for people, in English and in Chinese | where a figure comes from |
//! | [`http`] | requests, problems, who may ask what | how anything is kept |
//! | [`cli`] | arguments, tables, exit codes | rules, and how anything is kept |
//! | [`clock`] | what time it is; the only caller of `now()` | everything else |
//!
//! A ledger is a directory: `log.redb` (the only truth), `people` (aliases and keys, each wrapped by a key that
//! lies outside the directory), `cache/` (the image of the accounts; deleting it changes no answer), `holder` (who
//! has it open for writing), and, while it is served, `socket` (through which the command line works on it: see
//! `src/cli/socket.rs`). The bytes of a record: `src/log/FORMAT.md`; those of `people`: `src/people/file.rs`; those
//! of the cache: `src/ledger/cache.rs`.
//!
//! # Invariants
//!
//! - Positions are gapless, sequences are gapless within a stream, recorded times ascend strictly. All three are
//!   assigned by the log's writer and by nobody else.
//! - What was acknowledged is there after any crash. What was not is there whole or not at all.
//! - The bytes stored are the bytes hashed: no later version writes a record anew.
//! - Nothing personal enters a record in the clear. Where a record needs a key, the key is durable before it.
//! - History is never refused: rules apply to drafts ([`guanxi_projections::accept`]), and folds are total.
//! - An answer depends on its coordinates, on the events recorded by K, and on nothing else: not on when it is
//!   asked, what was asked before, or what was recorded since.
//!
//! # One append
//!
//! `guanxi append` gives [`ledger::Ledger::submit`] a batch of drafts. On the submitter's own thread:
//!
//! 1. [`guanxi_projections::accept::accept`] looks at each draft alone: required, in range, not in the future.
//! 2. [`people::People::digest`] of the draft's canonical form tells content apart from content. If source and id
//!    stand in the log already, the same digest makes it a duplicate, another one a conflict; either ends here,
//!    before any key is made.
//! 3. The rules that need the ledger: the account is open, the target of a revision exists, on this account, and
//!    may be revised. What must still be so in the commit travels along as [`log::Expect`].
//! 4. [`people::People::seal`] puts pseudonyms for persons and sealed texts for clear ones;
//!    [`log::EncodedBody`] is the body's final bytes.
//! 5. [`people::People::sync`]: new keys are durable before the record that needs them.
//! 6. [`log::Log::append`] queues the batch and waits.
//!
//! On the writer's thread, for everything that waits, in one commit: duplicates and expectations are decided, places
//! and times assigned, records encoded and hashed, records and tree nodes written, and now and then an index
//! segment; the commit returns; the state in memory follows; then, and only then, the replies. What a crash leaves
//! behind after each of these steps stands in `src/log/append.rs`. When a commit fails, the store is opened
//! again, and what is found there decides between "recorded", "not recorded" and "unknown".
//!
//! # One question
//!
//! `guanxi show acme --as-of T --known-at K` asks [`ledger::Ledger::account`]:
//!
//! 1. Coordinates are filled in: T is now unless said, and is cut to the second; K is clamped to the last recorded
//!    time, so that the answer is the same whatever is recorded later. The ledger's own stream says which policy
//!    and which rates of exchange hold there.
//! 2. The image of the ledger, every account's facts in memory, catches up with the log; nothing else of the
//!    question touches the log, but for texts that are shown.
//! 3. What is measured over the whole portfolio, the [`guanxi_projections::epoch`] of T's quarter as known at K, is
//!    found or measured, and with rates, fit and key list becomes the
//!    [`Setting`](guanxi_projections::setting::Setting) of the fold.
//! 4. [`guanxi_projections::image::Image::visit`] leaves out what was recorded after K, applies the corrections and
//!    retractions that stand, leaves out what happened after T, and hands the facts out by (occurred at, position).
//!    [`guanxi_projections::projection::fold`] folds them into an
//!    [`AccountState`](guanxi_projections::account::AccountState) and evaluates it at T.
//! 5. [`guanxi_projections::state_hash::state_hash`] hashes the view while persons still have their pseudonyms, and
//!    without the coordinates. Only then does [`people::People::alias`] give them names, as far as keys exist.

pub mod cli;
pub mod clock;
pub mod http;
pub mod import;
pub mod ledger;
pub mod log;
pub mod people;
pub mod words;
