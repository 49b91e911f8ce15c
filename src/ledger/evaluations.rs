//! Evaluating an account: what was found, and what is to change. Written as an event like any other.

use guanxi_projections::adjustments::{AdjustmentLine, Adjustments};
use guanxi_projections::envelope::Heading;
use guanxi_projections::event::Event;
use guanxi_projections::event::assessment::{AccountEvaluated, Adjustment};
use guanxi_projections::form::{Note, Person};
use guanxi_projections::id::{AccountId, Actor, Alias, EventId, Source};
use guanxi_projections::projection::fold;
use guanxi_projections::text::{FreeText, Label};
use guanxi_projections::time::{Precision, When};
use guanxi_projections::wire::Draft;
use serde::Serialize;

use super::{Accepted, Asked, Ledger, LedgerError, Receipt, Revising, Submission, SubmitError, Unit};

/// Who speaks where a command writes an account's event.
const SOURCE: &str = "guanxi";

/// An evaluation to be recorded.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// Which account.
    pub account: AccountId,
    /// When it was evaluated; `None`: now.
    pub at: Option<When>,
    /// What was found.
    pub findings: FreeText,
    /// What is to change, beside what still stands.
    pub adjust: Vec<AdjustmentAsked>,
    /// Texts of standing adjustments that are done, or are no longer wanted. All others go on unchanged.
    pub done: Vec<Label>,
}

/// Something that is to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdjustmentAsked {
    /// What is to be done.
    pub text: Label,
    /// Who does it.
    pub owner: Alias,
    /// By when.
    pub due: When,
}

/// What became of an evaluation.
#[derive(Debug, Clone, Serialize)]
pub struct Evaluated {
    /// Where it stands.
    #[serde(flatten)]
    pub accepted: Accepted,
    /// The adjustments that it closed.
    pub closed: Vec<Label>,
    /// The adjustments that stand after it.
    pub standing: Vec<AdjustmentAsked>,
}

impl Ledger {
    /// Records an evaluation. Adjustments of earlier ones that it does not say to be done go on, as they were or as
    /// `adjust` says.
    ///
    /// # Errors
    /// [`LedgerError::AdjustmentUnknown`] when something is done that did not stand; [`SubmitError`].
    pub fn evaluate(&self, actor: &Actor, evaluation: Evaluation) -> Result<Evaluated, SubmitError> {
        let Evaluation { account, at, findings, adjust, done } = evaluation;
        let at = at.unwrap_or(When::At(self.this_second()));
        let expected = self.log.stream_len(&account);
        let before = self.standing(&account, at)?;
        if let Some(unknown) = done.iter().find(|text| before.iter().all(|line| line.text != **text)) {
            return Err(LedgerError::AdjustmentUnknown(account, unknown.to_string()).into());
        }
        let renewed = |text: &Label| done.contains(text) || adjust.iter().any(|asked| asked.text == *text);
        let kept = before.into_iter().filter(|line| !renewed(&line.text));
        let standing: Vec<AdjustmentAsked> = kept.chain(adjust.iter().cloned()).collect();
        let draft = Draft {
            heading: self.heading(account, at)?,
            event: Event::AccountEvaluated(AccountEvaluated {
                findings: Note(findings),
                adjustments: standing.iter().map(AdjustmentAsked::as_event).collect(),
            }),
        };
        let submission = Submission {
            drafts: vec![draft],
            unit: Unit::Whole,
            actor: actor.clone(),
            revising: Revising::OwnSource,
            expected_count: Some(expected),
        };
        match self.submit(&submission)?.pop() {
            Some(Receipt::Accepted(accepted)) => Ok(Evaluated { accepted, closed: done, standing }),
            Some(Receipt::Refused(refused)) => Err(SubmitError::Refused { index: 0, refused }),
            None => Err(LedgerError::OwnEvent("the log gave no answer".to_owned()).into()),
        }
    }

    /// The adjustments that wait to be done just before an evaluation.
    fn standing(&self, account: &AccountId, at: When) -> Result<Vec<AdjustmentAsked>, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(&Asked { as_of: Some(at), ..Asked::default() }, &facts)?;
        let unknown = || LedgerError::AccountUnknown(account.clone());
        let image = facts.accounts().get(account).ok_or_else(unknown)?;
        let epoch = self.epoch(&facts, &ground);
        let setting = self.setting(&ground, &epoch, account, image);
        let (as_of, known_at) = (at.instant(self.zone()), ground.coordinates.known_at);
        let lines = fold(Adjustments::new(setting), image, as_of, known_at);
        let open = lines.into_iter().filter(|line| line.state.is_open());
        Ok(open.filter_map(|line| self.as_asked(line)).collect())
    }

    /// `None` never: an adjustment always has an owner.
    fn as_asked(&self, line: AdjustmentLine) -> Option<AdjustmentAsked> {
        let owner = self.people.alias(line.owner?);
        Some(AdjustmentAsked { text: line.adjustment, owner, due: When::At(line.due) })
    }

    fn heading(&self, account: AccountId, at: When) -> Result<Heading, LedgerError> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(LedgerError::Randomness)?;
        let unfit = |error: String| LedgerError::OwnEvent(error);
        let id = format!("evaluation:{:016x}", u64::from_be_bytes(random));
        Ok(Heading {
            source: Source::new(SOURCE).map_err(|error| unfit(error.to_string()))?,
            id: EventId::new(id).map_err(|error| unfit(error.to_string()))?,
            account,
            occurred_at: at.instant(self.zone()),
            precision: if matches!(at, When::Day(_)) { Precision::Day } else { Precision::Instant },
            correlation: None,
            causation: None,
            source_recorded_at: None,
        })
    }
}

impl AdjustmentAsked {
    fn as_event(&self) -> Adjustment<guanxi_projections::form::Clear> {
        Adjustment { text: self.text.clone(), owner: Person(self.owner.clone()), due: self.due }
    }
}
