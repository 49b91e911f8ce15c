//! Rows into events, by the rules of a mapping.
//!
//! A row gives all its events or, when anything in it is wrong, one problem: what is mended and imported again
//! comes in whole, and what came in before is recognised by its id.
//!
//! Invariant: what is kept from row to row does not grow with the file, but with what the mapping asks to be
//! remembered: 16 bytes for each account opened, for each value of `once`, and for each different id of an
//! event whose id counts occurrences (`{##}`).

use std::collections::VecDeque;
use std::hash::BuildHasherDefault;

use guanxi_projections::id::AccountId;
use guanxi_projections::time::{Precision, Timestamp};
use hashbrown::{HashMap, HashSet};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::condition::all_hold;
use super::filter::shortened;
use super::mapping::{EventRule, Mapping, Rules, TimeRule};
use super::row::{Problem, Row, Scope};
use super::template::{Hole, Template};

/// The most bytes of an event's id, which the ledger sets.
const ID_BYTES_MAX: usize = guanxi_projections::id::TEXT_ID_BYTES_MAX;

/// The beginning of a SHA-256: what is remembered of a text.
type Digest = [u8; 16];

/// One event of a row.
#[derive(Debug)]
pub(crate) struct Converted {
    /// The `CloudEvent`.
    pub(crate) event: Value,
    /// Whether the converter opened an account with it, rather than the row telling of it.
    pub(crate) opening: bool,
}

/// Converts the rows of one file.
#[derive(Debug)]
pub(crate) struct Converter {
    mapping: Mapping,
    opened: HashSet<Digest, BuildHasherDefault<DigestHasher>>,
    once: HashSet<Digest, BuildHasherDefault<DigestHasher>>,
    occurrences: HashMap<Digest, u64, BuildHasherDefault<DigestHasher>>,
}

/// What a row adds to the memory, once it is known to be good.
#[derive(Debug, Default)]
struct Pending {
    events: VecDeque<Converted>,
    opened: Vec<Digest>,
    once: Vec<Digest>,
    ids: Vec<String>,
}

/// When something happened, and how exactly that is known.
#[derive(Debug, Clone, Copy)]
struct Occurred {
    at: Timestamp,
    precision: Precision,
}

impl Converter {
    /// Begins a file.
    pub(crate) fn new(mapping: Mapping) -> Self {
        Self {
            mapping,
            opened: HashSet::default(),
            once: HashSet::default(),
            occurrences: HashMap::default(),
        }
    }

    /// The events of a row, in the order of the mapping; none when no `when` holds.
    ///
    /// # Errors
    /// The first thing that is wrong with the row.
    pub(crate) fn convert(&mut self, row: &Row<'_>) -> Result<VecDeque<Converted>, Problem> {
        let mapping = self.mapping.clone();
        let rules = mapping.rules();
        for reject in &rules.reject {
            if all_hold(&reject.when, row)? {
                let field = reject.when.first().map(|condition| condition.column.get_ref().clone());
                return Err(Problem { field, reason: reject.reason.clone() });
            }
        }
        let mut wanted = Vec::new();
        for (place, rule) in rules.event.iter().enumerate() {
            if all_hold(&rule.when, row)? {
                wanted.push((place, rule));
            }
        }
        if wanted.is_empty() {
            return Ok(VecDeque::new());
        }
        let account = account(&rules.account.id, row, "")?;
        let mut pending = Pending::default();
        for (place, rule) in wanted {
            self.add_event(rules, place, rule, &account, row, &mut pending)?;
        }
        self.opened.extend(pending.opened);
        self.once.extend(pending.once);
        Ok(pending.events)
    }

    fn add_event(
        &mut self,
        rules: &Rules,
        place: usize,
        rule: &EventRule,
        account_of_row: &str,
        row: &Row<'_>,
        pending: &mut Pending,
    ) -> Result<(), Problem> {
        let known = Scope { row, account: account_of_row, occurrence: None };
        if let Some(once) = &rule.once {
            let digest = digest(place, &once.get_ref().render(&known)?);
            if self.once.contains(&digest) {
                return Ok(());
            }
            pending.once.push(digest);
        }
        let occurrence = self.count(rule.id.get_ref(), &known)?;
        let scope = Scope { row, account: account_of_row, occurrence };
        let id = event_id(rule, &scope, &pending.ids)?;
        let time = rule.time.as_ref().or(rules.time.as_ref());
        let occurred =
            time.map_or_else(|| Err(Problem::whole("no time")), |time| occurred(time, rules, &known))?;
        let subject = match &rule.subject {
            Some(subject) => account(subject, row, account_of_row)?,
            None => account_of_row.to_owned(),
        };
        let data = Value::Object(rule.data.make(&scope)?);
        if rules.account.open {
            let name = if subject == account_of_row { Some(&known) } else { None };
            self.open(rules, &subject, name, occurred, pending)?;
        }
        let event = cloud_event(rules, rule.r#type.0.as_str(), &id, &subject, occurred, data);
        pending.ids.push(id);
        pending.events.push_back(Converted { event, opening: false });
        Ok(())
    }

    /// Counts an id that has `{##}`, whether or not the row turns out to be good: a row that is mended later
    /// must not shift the numbers of those after it.
    fn count(&mut self, id: &Template, known: &Scope<'_>) -> Result<Option<u64>, Problem> {
        if !id.has(&Hole::Occurrence) {
            return Ok(None);
        }
        let count = self.occurrences.entry(digest(0, &id.render(known)?)).or_insert(0);
        *count += 1;
        Ok(Some(*count))
    }

    /// Adds `account.opened` unless the account was opened before. An account other than the row's own is
    /// opened under its id alone, since the row speaks of another.
    fn open(
        &self,
        rules: &Rules,
        account: &str,
        own: Option<&Scope<'_>>,
        occurred: Occurred,
        pending: &mut Pending,
    ) -> Result<(), Problem> {
        let digest = digest(0, account);
        if self.opened.contains(&digest) || pending.opened.contains(&digest) {
            return Ok(());
        }
        let mut fields = Map::new();
        if let Some(scope) = own {
            if let Some(opened) = &rules.account.opened {
                fields = opened.make(scope)?;
            }
            let name = rules.account.name.as_ref().map(|name| name.get_ref().render(scope)).transpose()?;
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                fields.insert("name".to_owned(), Value::from(name));
            }
        }
        fields.entry("name").or_insert_with(|| Value::from(account));
        let id = shortened(format!("open:{account}"), ID_BYTES_MAX);
        let event = cloud_event(rules, "account.opened", &id, account, occurred, Value::Object(fields));
        pending.opened.push(digest);
        pending.ids.push(id);
        pending.events.push_back(Converted { event, opening: true });
        Ok(())
    }
}

fn account(template: &toml::Spanned<Template>, row: &Row<'_>, account: &str) -> Result<String, Problem> {
    let template = template.get_ref();
    let rendered = template.render(&Scope { row, account, occurrence: None })?;
    AccountId::customer(rendered).map(String::from).map_err(|error| Problem {
        field: template.column().map(str::to_owned),
        reason: format!("the account {error}"),
    })
}

fn event_id(rule: &EventRule, scope: &Scope<'_>, taken: &[String]) -> Result<String, Problem> {
    let template = rule.id.get_ref();
    let id = template.render(scope)?;
    let problem = |reason: &str| Problem {
        field: template.column().map(str::to_owned),
        reason: format!("the id of {} {reason}", rule.r#type.0.as_str()),
    };
    if id.is_empty() {
        Err(problem("is empty"))
    } else if taken.contains(&id) {
        Err(problem("is that of another event of the same row"))
    } else {
        Ok(shortened(id, ID_BYTES_MAX))
    }
}

fn occurred(rule: &TimeRule, rules: &Rules, scope: &Scope<'_>) -> Result<Occurred, Problem> {
    let template = rule.value.get_ref();
    let text = template.render(scope)?;
    let text = text.trim();
    if let (true, Some(fallback)) = (text.is_empty(), &rule.fallback) {
        return occurred(fallback, rules, scope);
    }
    let problem = |reason| Problem { field: template.column().map(str::to_owned), reason };
    if text.is_empty() {
        return Err(problem("the time is empty".to_owned()));
    }
    let zone = rule.zone.unwrap_or(rules.zone).0;
    let (at, precision) =
        super::dates::instant(text, &rule.formats, zone, rule.precision).map_err(problem)?;
    Ok(Occurred { at, precision })
}

fn cloud_event(
    rules: &Rules,
    event_type: &str,
    id: &str,
    account: &str,
    occurred: Occurred,
    data: Value,
) -> Value {
    let mut event = Map::new();
    let mut set = |name: &str, value: Value| event.insert(name.to_owned(), value);
    set("specversion", Value::from("1.0"));
    set("id", Value::from(id));
    set("source", Value::from(rules.source.as_str()));
    set("type", Value::from(event_type));
    set("subject", Value::from(account));
    set("time", Value::from(occurred.at.to_string()));
    if occurred.precision != Precision::Instant {
        set("timeprecision", Value::from(occurred.precision.as_str()));
    }
    set("data", data);
    Value::Object(event)
}

/// Digests a text; `place` keeps the values of different rules apart.
fn digest(place: usize, text: &str) -> Digest {
    let hash = Sha256::new().chain_update(place.to_le_bytes()).chain_update(text).finalize();
    let mut digest = Digest::default();
    digest.iter_mut().zip(hash.iter()).for_each(|(mine, byte)| *mine = *byte);
    digest
}

/// Hashes a digest by its own first bytes, which are as random as any.
#[derive(Debug, Default)]
struct DigestHasher(u64);

impl std::hash::Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
}
