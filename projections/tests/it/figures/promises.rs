//! Integrity and service by definition.

use guanxi_projections::event::EventType;
use guanxi_projections::kernel::Estimate;
use guanxi_projections::time::Timestamp;

use super::definition::{Mass, World, d, k2};
use super::told::InForce;

/// Scales masses down to `most` together.
fn capped(evidence: &[Mass], most: f64) -> Vec<Mass> {
    let whole: f64 = evidence.iter().map(|(mass, _)| mass).sum();
    let factor = if whole > most { most / whole } else { 1.0 };
    evidence.iter().map(|(mass, value)| (mass * factor, *value)).collect()
}

impl World<'_> {
    fn firsts(&self, event_type: EventType, field: &str) -> Vec<&InForce> {
        let mut firsts: Vec<&InForce> = Vec::new();
        for event in self.of(event_type) {
            if !firsts.iter().any(|first| first.text(field) == event.text(field)) {
                firsts.push(event);
            }
        }
        firsts
    }

    pub(super) fn integrity(&self) -> Estimate {
        let policy = &self.health().integrity;
        let (mut free, mut ordinary, mut critical) = (Vec::new(), Vec::new(), Vec::new());
        for made in self.firsts(EventType::CommitmentMade, "commitment") {
            if made.text("by") != "us" {
                continue;
            }
            let is_critical = made.data["critical"].as_bool().unwrap_or(false);
            let m = if is_critical { policy.critical_mass } else { 1.0 };
            let (kind, mass, value) = self.promise(made);
            match kind {
                Kind::Uncapped => free.push((m * mass, value)),
                Kind::Capped if is_critical => critical.push((m * mass, value)),
                Kind::Capped => ordinary.push((m * mass, value)),
            }
        }
        free.extend(capped(&ordinary, policy.mass_max));
        free.extend(capped(&critical, policy.critical_mass_max));
        k2(&free, policy.prior.mu, policy.prior.strength)
    }

    /// How a promise of ours stands: whether its mass is capped, the mass of a promise of mass 1, and the value.
    fn promise(&self, made: &InForce) -> (Kind, f64, f64) {
        let policy = &self.health().integrity;
        let name = made.text("commitment");
        let about = |event: &&InForce| event.text("commitment") == name;
        let closings = [EventType::CommitmentKept, EventType::CommitmentBroken];
        let closing = self.events.iter().filter(about).find(|event| closings.contains(&event.event_type));
        let mut due = self.due(&made.data["due"]).unwrap();
        let (mut due1, mut moves) = (due, 0);
        let made_at = self.events.iter().position(|event| std::ptr::eq(event, made)).unwrap();
        let closed_at = closing.map_or(usize::MAX, |closing| {
            self.events.iter().position(|event| std::ptr::eq(event, closing)).unwrap()
        });
        for (place, event) in self.events.iter().enumerate() {
            let is_move = event.event_type == EventType::CommitmentMoved && about(&event);
            if is_move && place > made_at && place < closed_at && event.at <= due {
                due = self.due(&event.data["due"]).unwrap();
                due1 = due1.min(due);
                moves += 1;
            }
        }
        let factor = policy.moved_factor.powi(moves);
        if let Some(closing) = closing {
            let mass = d(policy.half_life_days, self.since(closing.at));
            if closing.event_type == EventType::CommitmentBroken {
                return (Kind::Uncapped, mass, 0.0);
            }
            let late = closing.at.days_since(due).max(0.0);
            return (Kind::Capped, mass, d(policy.lateness_half_life_days, late) * factor);
        }
        let ripe = 1.0 - d(policy.ripening_days, self.since(due1).max(0.0));
        if self.t > due || self.since(due1) >= policy.forgotten_days {
            (Kind::Uncapped, ripe, 0.0)
        } else if moves > 0 {
            (Kind::Capped, ripe, policy.moved_value * factor)
        } else {
            (Kind::Uncapped, 0.0, 0.0)
        }
    }

    pub(super) fn service(&self) -> Estimate {
        let policy = &self.health().service;
        let (mut free, mut minor) = (Vec::new(), Vec::new());
        for raised in self.firsts(EventType::IssueRaised, "issue") {
            let (m, usual) = match raised.text("severity") {
                "minor" => (policy.minor_mass, policy.minor_days),
                "major" => (policy.major_mass, policy.major_days),
                _ => (policy.critical_mass, policy.critical_days),
            };
            let issue = self.issue(raised, usual);
            if let Some((at, value)) = issue.resolved {
                let evidence = (m * d(policy.half_life_days, self.since(at)), value);
                if raised.text("severity") == "minor" { minor.push(evidence) } else { free.push(evidence) }
            }
            if issue.open && self.t > issue.due {
                free.push((m * (1.0 - d(policy.ripening_days, self.since(issue.due))), 0.0));
            }
        }
        free.extend(capped(&minor, policy.minor_mass_max));
        k2(&free, policy.prior.mu, policy.prior.strength)
    }

    fn issue(&self, raised: &InForce, usual: f64) -> Issue {
        let raised_at = self.events.iter().position(|event| std::ptr::eq(event, raised)).unwrap();
        let policy = &self.health().service;
        let said = self.due(&raised.data["due"]);
        let sla = said.map_or(usual, |due| due.days_since(raised.at)).max(policy.due_days_min);
        let mut due = said.unwrap_or_else(|| raised.at.plus_days(sla));
        let mut resolved: Option<(Timestamp, f64)> = None;
        let (mut open, mut reopened) = (true, 0);
        for (place, event) in self.events.iter().enumerate() {
            if event.text("issue") != raised.text("issue") {
                continue;
            }
            match event.event_type {
                EventType::IssueResolved if place < raised_at => {
                    // Heard before it was raised: it resolves the issue when that is raised.
                    let late = event.at.days_since(due).max(0.0);
                    (resolved, open) = (Some((event.at, d(sla, late))), false);
                }
                EventType::IssueResolved if open => {
                    let late = event.at.days_since(due).max(0.0);
                    resolved = Some((event.at, d(sla, late)));
                    open = false;
                }
                EventType::IssueReopened if place > raised_at && !open => {
                    open = true;
                    reopened += 1;
                    due = event.at.plus_days(sla);
                }
                _ => {}
            }
        }
        let less = |(at, value): (Timestamp, f64)| {
            (at, (value - policy.reopened_loss * f64::from(reopened)).max(0.0))
        };
        Issue { resolved: resolved.map(less), open, due }
    }
}

enum Kind {
    Capped,
    Uncapped,
}

struct Issue {
    resolved: Option<(Timestamp, f64)>,
    open: bool,
    due: Timestamp,
}
