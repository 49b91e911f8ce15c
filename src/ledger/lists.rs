//! Lists of an account, each line with the events behind it and what they say in words.

use std::collections::BTreeMap;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::history::Stream;
use guanxi_projections::id::AccountId;
use guanxi_projections::list::List;
use guanxi_projections::position::Position;
use serde::Serialize;
use serde_json::Value;

use super::{Asked, Ledger, LedgerError};

/// The fields of an event's data that say in words what a line is about, in the order of preference.
const WORDS: [&str; 7] = ["text", "name", "title", "topic", "reason", "winner", "findings"];

/// A list.
#[derive(Debug, Clone, Serialize)]
pub struct ListAnswer {
    /// The account.
    pub account: AccountId,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// Which list.
    pub list: List,
    /// Its lines, with names; `said` is what their first event says in words.
    pub lines: Vec<Value>,
}

impl Ledger {
    /// A list of an account at T, as known at K.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event there.
    pub fn list(&self, account: &AccountId, list: List, asked: &Asked) -> Result<ListAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let unknown = || LedgerError::AccountUnknown(account.clone());
        let image = facts.accounts().get(account).filter(|image| image.is_known(as_of, known_at));
        let image = image.ok_or_else(unknown)?;
        let epoch = self.epoch(&facts, &ground);
        let lines = list.fold(self.setting(&ground, &epoch, account, image), image, as_of, known_at);
        let json = serde_json::to_value(lines).map_err(LedgerError::NotJson)?;
        let mut lines = json.as_array().cloned().unwrap_or_default();
        let said = self.said(account, &ground.coordinates, &lines)?;
        for line in &mut lines {
            self.name_persons(line);
            let says = first_event(line).and_then(|position| said.get(&position)).cloned();
            if let Value::Object(fields) = line {
                fields.insert("said".to_owned(), says.into());
            }
        }
        Ok(ListAnswer { account: account.clone(), coordinates: ground.coordinates, list, lines })
    }

    /// What the first event of each line says in words, as corrected.
    fn said(
        &self,
        account: &AccountId,
        coordinates: &Coordinates,
        lines: &[Value],
    ) -> Result<BTreeMap<Position, String>, LedgerError> {
        self.said_at(account, coordinates, lines.iter().filter_map(first_event))
    }

    /// What events of an account say in words, as corrected; those that say nothing are left out.
    pub(super) fn said_at(
        &self,
        account: &AccountId,
        coordinates: &Coordinates,
        positions: impl IntoIterator<Item = Position>,
    ) -> Result<BTreeMap<Position, String>, LedgerError> {
        let mut said: BTreeMap<Position, String> =
            positions.into_iter().map(|position| (position, String::new())).collect();
        if said.is_empty() {
            return Ok(said);
        }
        let recorded = self.log.stream(account)?;
        let stream = Stream::known_at(&recorded, coordinates.known_at);
        for version in stream.effective(coordinates.as_of) {
            if let Some(words) = said.get_mut(&version.position) {
                *words = self.data_in_words(&version)?;
            }
        }
        said.retain(|_, words| !words.is_empty());
        Ok(said)
    }

    fn data_in_words(
        &self,
        version: &guanxi_projections::history::EffectiveEvent<'_>,
    ) -> Result<String, LedgerError> {
        let data = match self.data_in_force(version.original, Some(version))? {
            Some(data) => data,
            None => self.shown(version.original)?.get("data").cloned().unwrap_or_default(),
        };
        let word = |field: &&str| data.get(*field).and_then(Value::as_str);
        Ok(WORDS.iter().find_map(word).unwrap_or_default().to_owned())
    }
}

fn first_event(line: &Value) -> Option<Position> {
    line.get("events")?.get(0)?.get("position")?.as_u64().map(Position)
}
