//! Alerts in sentences.

use super::super::reasons::{Speech, percent, whole};
use crate::ledger::AlertRow;
use crate::words::Word;
use guanxi_projections::alerts::Why;
use guanxi_projections::event::payload::Side;
use guanxi_projections::fact::EventRef;
use guanxi_projections::movement::DimensionMove;

/// So many dimensions are named in a sentence.
const DIMENSIONS_NAMED: usize = 2;

/// A message and what it is said with.
type Said = (&'static str, Vec<(&'static str, Word)>);

impl Speech<'_> {
    /// An alert as a sentence that begins with the account.
    pub(super) fn sentence(self, row: &AlertRow) -> String {
        let (id, says) = self.said(row);
        let name = row.name.clone().unwrap_or_else(|| row.account.to_string());
        let says = [("name", name.into()), ("what", self.words.say(id, &says).into())];
        self.words.say(if row.key_account { "alert-says-key" } else { "alert-says" }, &says)
    }

    fn said(self, row: &AlertRow) -> Said {
        let why = &row.alert.why;
        let said = self.business(row).or_else(|| self.promised(row)).or_else(|| self.people(row));
        said.or_else(|| self.judged(why)).unwrap_or((why.kind().as_str(), Vec::new()))
    }

    /// What concerns orders, gifts and effort.
    fn business(self, row: &AlertRow) -> Option<Said> {
        let (why, words) = (&row.alert.why, self.words);
        Some(if let Why::StageChanged { from, to, cause } = why {
            let says = vec![
                ("from", words.name("stage", from.as_str()).into()),
                ("to", words.name("stage", to.as_str()).into()),
                ("day", self.day(row.alert.since)),
                ("because", self.because_of(cause, row.alert.since, row.alert.events.first()).into()),
            ];
            ("alert-stage-changed", says)
        } else if let Why::DeclinePredicted { at, because, silent_days } = why {
            let cause = words.name("cause", because.as_str());
            let says = vec![("day", self.day(*at)), ("cause", cause.into())];
            match silent_days {
                Some(days) => ("alert-decline-predicted-silent", with(says, "silent", self.span(*days))),
                None => ("alert-decline-predicted", says),
            }
        } else if let Why::Silent { p, silent_days, next } = why {
            let says = vec![("silent", self.span(*silent_days)), ("percent", percent(*p))];
            match next {
                Some(next) => {
                    let says = with(says, "stage", words.name("stage", next.name.as_str()).into());
                    ("alert-silent-next", with(says, "day", self.day(next.at)))
                }
                None => ("alert-silent", says),
            }
        } else if let Why::Exposed { exposure } = why {
            ("alert-exposed", vec![("exposure", figure(*exposure))])
        } else if let Why::EffortTooLow { ratio } = why {
            ("alert-effort-too-low", vec![("ratio", figure(*ratio))])
        } else if let Why::EffortTooHigh { ratio } = why {
            ("alert-effort-too-high", vec![("ratio", figure(*ratio))])
        } else {
            return None;
        })
    }

    /// What has a date that somebody agreed to.
    fn promised(self, row: &AlertRow) -> Option<Said> {
        let why = &row.alert.why;
        Some(if let Why::PromiseDue { commitment, due, .. } = why {
            let promise = self.promise(row, commitment);
            ("alert-promise-due", vec![("promise", promise), ("day", self.day(*due))])
        } else if let Why::PromiseOverdue { commitment, due, days_late, .. } = why {
            let (promise, late) = (self.promise(row, commitment), self.span(*days_late));
            let says = vec![("promise", promise), ("day", self.day(*due)), ("late", late)];
            ("alert-promise-overdue", says)
        } else if let Why::ContractExpiring { contract, expires, days_left } = why {
            let contract = contract.as_str().into();
            let says =
                vec![("contract", contract), ("day", self.day(*expires)), ("left", self.span(*days_left))];
            ("alert-contract-expiring", says)
        } else if let Why::ReceivableOverdue { invoice, open, currency, due, days_overdue } = why {
            let says = vec![
                ("invoice", invoice.as_str().into()),
                ("day", self.day(*due)),
                ("open", open.as_str().into()),
                ("currency", currency.as_str().into()),
                ("late", self.span(*days_overdue)),
            ];
            ("alert-receivable-overdue", says)
        } else {
            return None;
        })
    }

    /// A promise by what it says, else by its name.
    fn promise(self, row: &AlertRow, commitment: &str) -> Word {
        let (Why::PromiseDue { by, critical, .. } | Why::PromiseOverdue { by, critical, .. }) =
            &row.alert.why
        else {
            return commitment.into();
        };
        let id = match (by, critical) {
            (Side::Us, false) => "alert-promise-ours",
            (Side::Us, true) => "alert-promise-ours-critical",
            (Side::Customer, false) => "alert-promise-customer",
            (Side::Customer, true) => "alert-promise-customer-critical",
        };
        let said = row.alert.events.iter().find_map(|event| self.said?.get(&event.position));
        let promise = match said {
            Some(said) => self.words.say("alert-promise-quoted", &[("said", said.as_str().into())]),
            None => commitment.to_owned(),
        };
        self.words.say(id, &[("promise", promise.into())]).into()
    }

    /// What concerns who speaks to whom.
    fn people(self, row: &AlertRow) -> Option<Said> {
        let why = &row.alert.why;
        Some(if let Why::CoverageLow { coverage, roles_silent } = why {
            let says = vec![("coverage", whole(*coverage))];
            if roles_silent.is_empty() {
                ("alert-coverage-low", says)
            } else {
                let roles = roles_silent.iter().map(|role| self.words.name("role", role.as_str()));
                ("alert-coverage-low-roles", with(says, "roles", self.words.list(roles).into()))
            }
        } else if let Why::DecisionSilent { silent_days, last_contact } = why {
            let says = vec![("silent", self.span(*silent_days))];
            match last_contact {
                Some(last) => ("alert-decision-silent", with(says, "day", self.day(*last))),
                None => ("alert-decision-never", says),
            }
        } else if let Why::SingleThreaded { living_contacts, score } = why {
            let says = vec![("score", whole(*score)), ("contacts", figure(*living_contacts))];
            ("alert-single-threaded", says)
        } else if let Why::OneColleague { person, share } = why {
            let colleague = row.colleague.as_ref().map_or_else(|| person.to_string(), ToString::to_string);
            ("alert-one-colleague", vec![("colleague", colleague.into()), ("percent", percent(*share))])
        } else {
            return None;
        })
    }

    /// What concerns how the account is judged.
    fn judged(self, why: &Why) -> Option<Said> {
        Some(if let Why::HealthFallen { from, to, days, dimensions } = why {
            let span = self.span(f64::from(*days));
            let says = vec![("from", whole(*from)), ("to", whole(*to)), ("span", span)];
            if dimensions.is_empty() {
                ("alert-health-fallen", says)
            } else {
                ("alert-health-fallen-most", with(says, "dimensions", self.moved(dimensions).into()))
            }
        } else if let Why::EvaluationOverdue { due, last } = why {
            let says = vec![("day", self.day(*due))];
            match last {
                Some(last) => ("alert-evaluation-overdue", with(says, "last", self.day(*last))),
                None => ("alert-evaluation-never", says),
            }
        } else if let Why::KeyListEntered { rule } = why {
            let rule = self.words.name("alert-rule", rule.as_str());
            ("alert-key-list-entered", vec![("rule", rule.into())])
        } else if let Why::KeyListLeft { rule } = why {
            let rule = self.words.name("alert-rule", rule.as_str());
            ("alert-key-list-left", vec![("rule", rule.into())])
        } else if let Why::ConfidenceLow { confidence } = why {
            ("alert-confidence-low", vec![("percent", percent(*confidence))])
        } else {
            return None;
        })
    }

    /// The dimensions that moved a figure most.
    fn moved(self, dimensions: &[DimensionMove]) -> String {
        let named = dimensions.iter().take(DIMENSIONS_NAMED).map(|moved| {
            let dimension = self.words.name("measure", moved.dimension.as_str());
            format!("{dimension} ({:+.1})", moved.points)
        });
        self.words.list(named)
    }
}

fn with(mut says: Vec<(&'static str, Word)>, name: &'static str, word: Word) -> Vec<(&'static str, Word)> {
    says.push((name, word));
    says
}

fn figure(figure: f64) -> Word {
    format!("{figure:.1}").into()
}

/// Where events stand in the log.
pub(in crate::cli) fn positions(events: &[EventRef]) -> String {
    events.iter().map(|event| event.position.to_string()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
