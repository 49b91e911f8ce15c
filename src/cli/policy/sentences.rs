//! Policies in words.

use guanxi_projections::time::Zone;
use serde_json::Value;

use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use super::Commented;
use crate::ledger::{Adopted, Glance, PoliciesAnswer, PolicyChange, PolicyEffect};
use crate::words::Words;

/// So many accounts are named.
const NAMED: usize = 20;

pub(super) fn list(answer: &PoliciesAnswer, words: Words, zone: Zone) -> Result<(), Failure> {
    let said = |id: &str| words.say(id, &[]);
    output::columns(
        words,
        &["version", "in-force-from", "recorded", "by", "why", "position", "mark"],
        answer.policies.iter().map(|policy| {
            vec![
                policy.version.to_string(),
                policy.from.map_or_else(|| said("policy-beginning"), |from| zone.local(from)),
                or_dash(policy.recorded_at.map(|at| zone.local(at))),
                or_dash(policy.actor.as_ref()),
                policy.reason.as_ref().map_or_else(|| said("policy-own"), ToString::to_string),
                or_dash(policy.position),
                if policy.current { said("policy-current") } else { String::new() },
            ]
        }),
    )
}

pub(super) fn differences(differences: &[Commented], words: Words) -> Result<(), Failure> {
    if differences.is_empty() {
        return Ok(());
    }
    let value = |value: Option<&Value>| or_dash(value);
    output::columns(
        words,
        &["field", "old", "new", "what-it-is"],
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

pub(super) fn how_many(differences: &[Commented], [old, new]: [&String; 2], words: Words) -> String {
    let says = [
        ("count", (differences.len() as u64).into()),
        ("old", old.as_str().into()),
        ("new", new.as_str().into()),
    ];
    words.say("policy-differences", &says)
}

pub(super) fn adopted(adopted: &Adopted, words: Words) -> String {
    let Adopted { version, renumbered_from, position, .. } = adopted;
    let says = [("version", version.to_string().into()), ("position", position.to_string().into())];
    let mut adopted = words.say("policy-adopted", &says);
    if let Some(said) = renumbered_from {
        let says = [("adopted", adopted.into()), ("said", said.to_string().into())];
        adopted = words.say("policy-renumbered", &says);
    }
    format!("{adopted}\n{}", words.say("policy-past", &[]))
}

pub(super) fn effect(effect: &PolicyEffect, words: Words) -> Result<(), Failure> {
    let PolicyEffect { version, accounts, colour, stage, rank, changes, .. } = effect;
    if !changes.is_empty() {
        let columns = ["account", "name", "health", "stage", "rank", "score"];
        let rows = changes.iter().take(NAMED).map(|one| change(one, words));
        output::columns(words, &columns, rows)?;
        let unnamed = changes.len().saturating_sub(NAMED);
        if unnamed > 0 {
            output::line(&words.say("policy-more", &[("count", unnamed.to_string().into())]))?;
        }
        output::line("")?;
    }
    let says = [
        ("version", version.to_string().into()),
        ("accounts", accounts.to_string().into()),
        ("colour", colour.to_string().into()),
        ("stage", stage.to_string().into()),
        ("rank", rank.to_string().into()),
    ];
    output::line(&words.say("policy-effect", &says))
}

fn change(change: &PolicyChange, words: Words) -> Vec<String> {
    let PolicyChange { account, name, old, new } = change;
    let moved = |old: String, new: String| if old == new { old } else { format!("{old} -> {new}") };
    let health =
        |glance: &Glance| format!("{:.1} {}", glance.health, words.name("colour", glance.colour.as_str()));
    let stage = |glance: &Glance| words.name("stage", glance.stage.as_str());
    vec![
        account.to_string(),
        or_dash(name.as_ref()),
        moved(health(old), health(new)),
        moved(stage(old), stage(new)),
        moved(or_dash(old.rank), or_dash(new.rank)),
        moved(format!("{:.1}", old.score), format!("{:.1}", new.score)),
    ]
}
