//! Lists of an account, each line with the events behind it and what they say in words.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::history::Stream;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::list::List;
use guanxi_projections::portfolio::Standing;
use guanxi_projections::position::Position;
use serde::Serialize;
use serde_json::Value;

use super::vantage::Measuring;
use super::{AccountFilter, Asked, Ledger, LedgerError, shared};

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

/// A list over the whole portfolio.
#[derive(Debug, Clone, Serialize)]
pub struct WholeListAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// Which list.
    pub list: List,
    /// The lines of every account that is wanted, in the order of their ids, each with its account and the account's
    /// name, and for concessions with the account's exposure and what we gained from it.
    pub lines: Vec<Value>,
}

/// Which lines of a list are wanted.
#[derive(Debug, Clone, Default)]
pub struct LineFilter {
    /// Those of these accounts.
    pub accounts: AccountFilter,
    /// Those whose `state` is this.
    pub state: Option<String>,
    /// Those of this side.
    pub by: Option<String>,
}

impl LineFilter {
    fn wants(&self, line: &Value) -> bool {
        let is = |field: &str, wanted: &Option<String>| {
            wanted.is_none() || line.get(field).and_then(Value::as_str) == wanted.as_deref()
        };
        is("state", &self.state) && is("by", &self.by)
    }
}

impl Ledger {
    /// A list over all accounts at T, as known at K. What was said in words stands in the list of an account. `progress`
    /// hears how many accounts are done, and of how many, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::Stopped`]; what the log reports.
    pub fn whole_list(
        &self,
        list: List,
        filter: &LineFilter,
        asked: &Asked,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<WholeListAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let vantage = self.vantage(&facts, asked, Measuring::FiguresAlone)?;
        let Coordinates { as_of, known_at, .. } = vantage.ground.coordinates;
        let accounts = filter.accounts.within.of(facts.accounts());
        let lines = |(account, image): &(&AccountId, &Image)| {
            let setting = self.setting(&vantage.ground, &vantage.epoch, account, image);
            let standing = Standing::of(account, image, setting, None, (as_of, known_at))?;
            let owner = standing.view.owner.map(|person| self.people.alias(person));
            let wanted = filter.accounts.wants(&standing.view, owner.as_ref());
            wanted.then(|| {
                serde_json::to_value(list.fold(setting, image, as_of, known_at)).map(|json| (standing, json))
            })
        };
        let folded = shared::map_while(&accounts, lines, |done| progress(done, accounts.len()));
        let mut found = Vec::new();
        for folded in folded.ok_or(LedgerError::Stopped)?.into_iter().flatten() {
            let (standing, json) = folded.map_err(LedgerError::NotJson)?;
            let lines = json.as_array().cloned().unwrap_or_default();
            found.extend(
                lines.into_iter().filter(|line| filter.wants(line)).map(|line| beside(&standing, list, line)),
            );
        }
        for line in &mut found {
            self.name_persons(line);
        }
        Ok(WholeListAnswer { coordinates: vantage.ground.coordinates, list, lines: found })
    }

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

/// A line with its account. Lines have names of their own.
fn beside(standing: &Standing, list: List, mut line: Value) -> Value {
    if let Value::Object(fields) = &mut line {
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("account", standing.view.account.as_str().into());
        put("account_name", standing.view.profile.name.as_ref().map(ToString::to_string).into());
        if list == List::Concessions {
            put("exposure", standing.view.exposure.into());
            put("gain", standing.gain.into());
        }
    }
    line
}

fn first_event(line: &Value) -> Option<Position> {
    line.get("events")?.get(0)?.get("position")?.as_u64().map(Position)
}
