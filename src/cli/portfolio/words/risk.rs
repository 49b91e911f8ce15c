//! Who is at risk, and why.

use guanxi_projections::portfolio::{RiskLine, RiskReason};

use super::super::super::alerts::words::positions;
use super::super::super::failure::Failure;
use super::super::super::output;
use super::super::super::reasons::{Speech, whole};
use super::{Reader, called};

pub(super) fn print(lines: &[RiskLine], reader: &Reader<'_>) -> Result<(), Failure> {
    let words = reader.speech.words;
    if lines.is_empty() {
        return reader.heading("portfolio-no-risk");
    }
    let count = [("count", lines.len().to_string().into())];
    output::line(&format!("\n{}", words.say("portfolio-at-risk", &count)))?;
    for line in lines.iter().take(reader.limit) {
        let owner = line.owner.map_or_else(|| words.say("portfolio-nobody", &[]), reader.alias);
        let says = [
            ("name", called(line.name.as_ref(), &line.account).into()),
            ("score", whole(line.score)),
            ("owner", owner.into()),
        ];
        let id = if line.key_account { "portfolio-risk-key" } else { "portfolio-risk" };
        output::line(&format!("  {}", words.say(id, &says)))?;
        for risk in &line.reasons {
            let (said, events) = (reason(&risk.reason, reader.speech), positions(&risk.events));
            let said = if events.is_empty() {
                said
            } else {
                words.say("portfolio-risk-reason", &[("reason", said.into()), ("events", events.into())])
            };
            output::line(&format!("    - {said}"))?;
        }
    }
    Ok(())
}

fn reason(reason: &RiskReason, speech: Speech<'_>) -> String {
    let words = speech.words;
    match reason {
        RiskReason::ColourRed { health, weakest } => {
            let weakest = weakest.iter().map(|dimension| words.name("measure", dimension.as_str()));
            let says = [("health", whole(*health)), ("dimensions", words.list(weakest).into())];
            words.say("risk-red", &says)
        }
        RiskReason::InDecline { since } => words.say("risk-decline", &[("day", speech.day(*since))]),
        RiskReason::DeclinePredicted { at, .. } => words.say("risk-decline-due", &[("day", speech.day(*at))]),
        RiskReason::ChurnPredicted { at, .. } => words.say("risk-churn-due", &[("day", speech.day(*at))]),
        RiskReason::CriticalPromiseOverdue { commitment, due, days_late } => {
            let says = [
                ("promise", commitment.as_str().into()),
                ("day", speech.day(*due)),
                ("late", speech.span(*days_late)),
            ];
            words.say("risk-promise", &says)
        }
        RiskReason::Exposed { exposure } => {
            words.say("risk-exposed", &[("exposure", format!("{exposure:.1}").into())])
        }
        RiskReason::CoverageLow { coverage } => words.say("risk-coverage", &[("coverage", whole(*coverage))]),
    }
}
