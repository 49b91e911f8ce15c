//! Effective history read a second time from its definition, as simply as it can be said. It shares no code with
//! the core and does not care how long it takes.

use guanxi_projections::time::Timestamp;

use super::told::{InForce, Told, What};

/// Whether the event told at `place` stands at K: unless a retraction of it, known at K, stands itself.
pub(super) fn stands(told: &[Told], place: usize, known_at: Timestamp) -> bool {
    !told.iter().enumerate().any(|(other, revision)| {
        let takes_back = matches!(revision.what, What::Retract { target, .. } if target == place);
        takes_back && revision.recorded <= known_at && stands(told, other, known_at)
    })
}

/// The effective history at (T, K).
pub(super) fn effective(told: &[Told], as_of: Timestamp, known_at: Timestamp) -> Vec<InForce> {
    let mut history: Vec<InForce> = (0..told.len())
        .filter_map(|place| in_force(told, place, known_at))
        .filter(|event| event.occurred <= as_of)
        .collect();
    history.sort_by_key(|event| (event.occurred, event.position));
    history
}

fn in_force(told: &[Told], place: usize, known_at: Timestamp) -> Option<InForce> {
    let Told { position, occurred, what: What::Original(fact), recorded } = &told[place] else { return None };
    if *recorded > known_at || !stands(told, place, known_at) {
        return None;
    }
    let mut version =
        InForce { position: *position, occurred: *occurred, fact: fact.clone(), corrections: Vec::new() };
    for (other, revision) in told.iter().enumerate() {
        let What::Correct { target, time, fact, .. } = &revision.what else { continue };
        if *target == place && revision.recorded <= known_at && stands(told, other, known_at) {
            version.occurred = time.unwrap_or(version.occurred);
            version.fact = fact.clone().unwrap_or(version.fact);
            version.corrections.push(revision.position);
        }
    }
    Some(version)
}
