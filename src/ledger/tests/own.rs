//! What the ledger's own stream says of the portfolio, and what it cannot change.

use guanxi_projections::event::Event;
use guanxi_projections::event::own::AnchorsFrozen;
use guanxi_projections::event::payload::Ratio;
use guanxi_projections::form::Sealed;
use guanxi_projections::text::Label;

use super::*;

const AS_OF: &str = "2026-05-01T00:00:00Z";

fn record(stage: &Stage, id: &str, time: &str, event: &Event<Sealed>) {
    stage.clock.advance_micros(60_000_000);
    stage.ledger().record_own(&Actor::new("tester").unwrap(), id, at(time), event).unwrap();
}

/// The anchors of T's quarter as they are measured.
fn measured(stage: &Stage) -> AnchorsFrozen {
    let facts = stage.ledger().image.current(&stage.ledger().log).unwrap();
    let ground = stage.ledger().ground(&asked("2026-04-01T00:00:00Z", "2099-01-01"), &facts).unwrap();
    let epoch = stage.ledger().epoch(&facts, &ground).epoch.clone();
    AnchorsFrozen {
        quarter: Label::new("2026Q2").unwrap(),
        m0: epoch.m0,
        v0: epoch.v0,
        v1: epoch.v1,
        gap: epoch.gap_days,
        win_rate: epoch.win_rate.map(|rate| Ratio::try_from(rate).unwrap()),
        traits: epoch.traits,
        totals: epoch.totals,
    }
}

fn hashes(stage: &Stage) -> Vec<String> {
    let hash = |account: &AccountId| {
        stage.ledger().account(account, &asked(AS_OF, "2099-01-01")).unwrap().state_hash
    };
    stage.ledger().accounts().iter().map(hash).collect()
}

/// Anchors that lack a value, since no account had one by then, used to keep it from being taken at T itself.
#[test]
fn freezing_what_is_measured_changes_no_figure() {
    for first in ["2025-01-10T00:00:00Z", "2026-04-10T00:00:00Z"] {
        let stage = Stage::new();
        for account in ["acme", "beta"] {
            stage.tell(event(account, account, "account.opened", first, &json!({ "name": account })));
            for (order, time) in [("1", first), ("2", "2026-04-20T00:00:00Z")] {
                let id = format!("{account}{order}");
                stage.tell(super::order(&id, account, time));
            }
        }
        let before = hashes(&stage);
        let anchors = measured(&stage);
        assert_eq!(anchors.v0.is_some(), first.starts_with("2025"));
        record(&stage, "anchors", "2026-04-01T00:00:00Z", &Event::AnchorsFrozen(anchors.clone()));
        assert_eq!(hashes(&stage), before, "since {first}");
        let other = AnchorsFrozen { v0: Some(1e6), v1: Some(2e6), ..anchors };
        record(&stage, "others", "2026-04-01T00:00:00Z", &Event::AnchorsFrozen(other));
        assert_ne!(hashes(&stage), before, "since {first}");
    }
}
