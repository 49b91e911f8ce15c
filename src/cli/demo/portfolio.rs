//! The ranked portfolio.

use guanxi_projections::stage::Stage;
use guanxi_projections::time::Zone;

use super::super::output::{self, or_dash};
use super::{Failure, TODAY};
use crate::ledger::{AccountRow, AccountsAnswer};

/// How many accounts are shown.
const SHOWN: usize = 12;

pub(super) fn print(answer: &AccountsAnswer, zone: Zone) -> Result<(), Failure> {
    output::line(&format!("1. WHO MATTERS: the portfolio on {TODAY}, by composite score 综合积分\n"))?;
    let header = ["", "account", "score", "health", "stage", "to order", "next by itself", "owner"];
    output::table(&header, answer.accounts.iter().take(SHOWN).map(|row| cells(row, zone)))?;
    output::line("\n  * key account 大客户, by the last review")?;
    output::line(&format!("\n  {} more. By stage:", answer.accounts.len().saturating_sub(SHOWN)))?;
    for stage in Stage::ALL {
        let count = answer.accounts.iter().filter(|row| row.stage == stage).count();
        output::line(&format!("  {:<20}{count:>3} {}", in_two_languages(stage), "#".repeat(count)))?;
    }
    output::line("")
}

fn cells(row: &AccountRow, zone: Zone) -> Vec<String> {
    let key = if row.key_account { "*" } else { "" };
    vec![
        or_dash(row.rank.map(|rank| format!("{rank}{key}"))),
        row.name.clone().unwrap_or_else(|| row.account.to_string()),
        format!("{:.0}", row.score),
        format!("{:.0} {}", row.health, row.colour.as_str()),
        row.stage.as_str().to_owned(),
        or_dash(row.outlook.map(|probability| format!("{:.0} %", 100.0 * probability))),
        or_dash(row.next.map(|next| format!("{} {}", next.name.as_str(), zone.day_of(next.at)))),
        or_dash(row.owner.as_ref()),
    ]
}

/// A stage by both its names, such as `growth 提升`, padded as if Chinese were as wide as it is.
pub(super) fn in_two_languages(stage: Stage) -> String {
    let chinese = match stage {
        Stage::Acquisition => "获取",
        Stage::Growth => "提升",
        Stage::Maturity => "成熟",
        Stage::Decline => "衰退",
        Stage::Churn => "流失",
    };
    format!("{} {chinese}", stage.as_str())
}
