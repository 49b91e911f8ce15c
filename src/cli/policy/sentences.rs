//! Policies in words.

use guanxi_projections::time::Zone;
use serde_json::Value;

use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use super::Commented;
use crate::ledger::{Adopted, PoliciesAnswer, PolicyChange, PolicyEffect};

/// So many accounts are named.
const NAMED: usize = 20;

pub(super) fn list(answer: &PoliciesAnswer, zone: Zone) -> Result<(), Failure> {
    output::table(
        &["version", "in force from", "recorded", "by", "why", "position", ""],
        answer.policies.iter().map(|policy| {
            vec![
                policy.version.to_string(),
                policy.from.map_or_else(|| "the beginning".to_owned(), |from| zone.local(from)),
                or_dash(policy.recorded_at.map(|at| zone.local(at))),
                or_dash(policy.actor.as_ref()),
                policy.reason.as_ref().map_or_else(|| "the program's own".to_owned(), ToString::to_string),
                or_dash(policy.position),
                if policy.current { "current" } else { "" }.to_owned(),
            ]
        }),
    )
}

pub(super) fn differences(differences: &[Commented]) -> Result<(), Failure> {
    if differences.is_empty() {
        return Ok(());
    }
    let value = |value: Option<&Value>| or_dash(value);
    output::table(
        &["field", "old", "new", "what it is"],
        differences.iter().map(|Commented { difference, comment }| {
            vec![
                difference.field.clone(),
                value(difference.old.as_ref()),
                value(difference.new.as_ref()),
                comment.clone().unwrap_or_default(),
            ]
        }),
    )?;
    output::line("")
}

pub(super) fn how_many(differences: &[Commented], [old, new]: [&String; 2]) -> String {
    match differences.len() {
        0 => format!("The policies {old} and {new} say the same."),
        1 => format!("The policies {old} and {new} differ in 1 field."),
        count => format!("The policies {old} and {new} differ in {count} fields."),
    }
}

pub(super) fn adopted(adopted: &Adopted) -> String {
    let Adopted { version, renumbered_from, position, .. } = adopted;
    let number = renumbered_from
        .map(|said| format!(" Its file says version {said}; it was given the next number."))
        .unwrap_or_default();
    format!(
        "Version {version} is in force from now on (position {position}).{number}\n\
         Past dates keep their figures under --policy then."
    )
}

pub(super) fn effect(effect: &PolicyEffect) -> Result<(), Failure> {
    let PolicyEffect { version, accounts, colour, stage, rank, changes, .. } = effect;
    if !changes.is_empty() {
        output::table(
            &["account", "name", "health", "stage", "rank", "score"],
            changes.iter().take(NAMED).map(change),
        )?;
        let unnamed = changes.len().saturating_sub(NAMED);
        if unnamed > 0 {
            output::line(&format!("and {unnamed} more"))?;
        }
        output::line("")?;
    }
    output::line(&format!(
        "Adopted as version {version}, of {accounts} accounts {colour} would change colour, {stage} stage and {rank} \
         rank. Nothing was written."
    ))
}

fn change(change: &PolicyChange) -> Vec<String> {
    let PolicyChange { account, name, old, new } = change;
    let moved = |old: String, new: String| if old == new { old } else { format!("{old} -> {new}") };
    let health = |glance: &crate::ledger::Glance| format!("{:.1} {}", glance.health, glance.colour.as_str());
    vec![
        account.to_string(),
        or_dash(name.as_ref()),
        moved(health(old), health(new)),
        moved(old.stage.as_str().to_owned(), new.stage.as_str().to_owned()),
        moved(or_dash(old.rank), or_dash(new.rank)),
        moved(format!("{:.1}", old.score), format!("{:.1}", new.score)),
    ]
}
