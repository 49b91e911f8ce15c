//! The keys in memory: who is who, and which key opens what.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use guanxi_projections::id::{Alias, PersonId};

use super::entry::{Entry, TextKeyId};
use super::key::Key;

/// Everything that the store says, by what it is asked for. Memory: about 200 bytes a person, 80 a text.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    by_alias: HashMap<Alias, PersonId>,
    persons: HashMap<PersonId, (Alias, Key)>,
    texts: HashMap<TextKeyId, Key>,
    digest: Option<Key>,
}

impl Keyring {
    /// Takes an entry in.
    ///
    /// # Errors
    /// What is wrong with the entry, after those before it.
    pub(super) fn insert(&mut self, entry: Entry) -> Result<(), &'static str> {
        match entry {
            Entry::Person { id, alias, key } => {
                match (self.by_alias.entry(alias.clone()), self.persons.entry(id)) {
                    (Slot::Vacant(by_alias), Slot::Vacant(by_id)) => {
                        by_alias.insert(id);
                        by_id.insert((alias, key));
                    }
                    _ => return Err("the person there was entered before"),
                }
            }
            Entry::TextKey { id, key, persons: _ } => {
                if self.texts.insert(id, key).is_some() {
                    return Err("the key there was entered before");
                }
            }
            Entry::DigestKey { key } => {
                if self.digest.replace(key).is_some() {
                    return Err("there is a second digest key");
                }
            }
            Entry::Mark => {}
        }
        Ok(())
    }

    pub(super) fn person(&self, alias: &Alias) -> Option<PersonId> {
        self.by_alias.get(alias).copied()
    }

    pub(super) fn alias(&self, person: PersonId) -> Option<&Alias> {
        self.persons.get(&person).map(|(alias, _)| alias)
    }

    pub(super) fn person_key(&self, person: PersonId) -> Option<&Key> {
        self.persons.get(&person).map(|(_, key)| key)
    }

    pub(super) fn text_key(&self, id: TextKeyId) -> Option<&Key> {
        self.texts.get(&id)
    }

    pub(super) fn digest_key(&self) -> Option<&Key> {
        self.digest.as_ref()
    }

    #[cfg(test)]
    pub(super) fn persons(&self) -> usize {
        self.persons.len()
    }

    #[cfg(test)]
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.persons.values().map(|(_, key)| key).chain(self.texts.values()).chain(&self.digest)
    }
}
