//! Alerts in sentences.

use guanxi_projections::alerts::Why;
use guanxi_projections::event::own::ListRule;
use guanxi_projections::event::payload::Side;
use guanxi_projections::fact::EventRef;
use guanxi_projections::movement::DimensionMove;
use guanxi_projections::stage::{Cause, CauseKind, Next};
use guanxi_projections::time::{Timestamp, Zone};

use crate::ledger::AlertRow;

/// So many dimensions are named in a sentence.
const DIMENSIONS_NAMED: usize = 2;

/// An alert as a sentence that begins with the account.
pub(in crate::cli) fn sentence(row: &AlertRow, zone: Zone) -> String {
    let name = row.name.clone().unwrap_or_else(|| row.account.to_string());
    let key = if row.key_account { " (key account)" } else { "" };
    format!("{name}{key}: {}.", says(row, zone))
}

fn says(row: &AlertRow, zone: Zone) -> String {
    match &row.alert.why {
        Why::StageChanged { from, to, cause } => {
            let (from, to) = (from.as_str(), to.as_str());
            format!("went from {from} to {to} on {}: {}", day(row.alert.since, zone), because(cause))
        }
        Why::DeclinePredicted { at, because, silent_days } => {
            let silent = silent_days.map(|days| format!("no order for {}; ", span(days))).unwrap_or_default();
            format!(
                "{silent}decline is due on {} unless something happens ({})",
                day(*at, zone),
                reason(*because)
            )
        }
        Why::Silent { p, silent_days, next } => {
            let outlast = format!("its own rhythm would outlast that with {}", percent(*p));
            let next = next.map(|next| format!("; {}", due(&next, zone))).unwrap_or_default();
            format!("no order for {}; {outlast}{next}", span(*silent_days))
        }
        Why::PromiseDue { commitment, by, critical, due } => {
            format!("{} is due on {}", promise(commitment, *by, *critical), day(*due, zone))
        }
        Why::PromiseOverdue { commitment, by, critical, due, days_late } => {
            let promise = promise(commitment, *by, *critical);
            format!("{promise} was due on {} and is {} late", day(*due, zone), span(*days_late))
        }
        Why::CoverageLow { coverage, roles_silent } => {
            let roles: Vec<_> = roles_silent.iter().map(|role| role.as_str()).collect();
            let silent =
                if roles.is_empty() { String::new() } else { format!("; silent: {}", roles.join(", ")) };
            format!("coverage is {coverage:.0} of 100{silent}")
        }
        Why::DecisionSilent { silent_days, last_contact } => match last_contact {
            Some(last) => {
                format!(
                    "those who decide were last spoken to on {}, {} ago",
                    day(*last, zone),
                    span(*silent_days)
                )
            }
            None => format!("nobody who decides was spoken to, in {}", span(*silent_days)),
        },
        Why::SingleThreaded { living_contacts, score } => {
            format!("hangs by a thread: a score of {score:.0}, but only {living_contacts:.1} living contacts")
        }
        Why::OneColleague { share, .. } => {
            let colleague = row.colleague.as_ref().map_or("one colleague", |colleague| colleague.as_str());
            format!("{colleague} alone carries {} of the contact", percent(*share))
        }
        Why::HealthFallen { from, to, days, dimensions } => {
            let most = moved(dimensions);
            let most = if most.is_empty() { most } else { format!(", most by {most}") };
            format!("health fell from {from:.0} to {to:.0} within {days} days{most}")
        }
        Why::Exposed { exposure } => {
            format!("we give and gain little in return: exposure is {exposure:.1}")
        }
        Why::EffortTooLow { ratio } => {
            format!("gets {ratio:.1} times the effort that its importance deserves")
        }
        Why::EffortTooHigh { ratio } => {
            format!("takes {ratio:.1} times the effort that its importance deserves")
        }
        Why::ContractExpiring { contract, expires, days_left } => {
            format!("contract {contract} expires on {}, in {}", day(*expires, zone), span(*days_left))
        }
        Why::ReceivableOverdue { invoice, open, currency, due, days_overdue } => {
            let due = day(*due, zone);
            format!(
                "invoice {invoice} was due on {due}; {open} {currency} are open for {}",
                span(*days_overdue)
            )
        }
        Why::EvaluationOverdue { due, last } => {
            let last = match last {
                Some(last) => format!("the last evaluation was on {}", day(*last, zone)),
                None => "it never was".to_owned(),
            };
            format!("should have been evaluated by {}; {last}", day(*due, zone))
        }
        Why::KeyListEntered { rule } => format!("came onto the key list: {}", rule_in_words(*rule)),
        Why::KeyListLeft { rule } => format!("left the key list: {}", rule_in_words(*rule)),
        Why::ConfidenceLow { confidence } => {
            format!("little is known: only {} of its health comes from evidence", percent(*confidence))
        }
    }
}

/// A cause of a change of stage in words.
pub(in crate::cli) fn because(cause: &Cause) -> String {
    match cause {
        Cause::Event { position, event_type } => format!("{} (event {position})", event_type.as_str()),
        Cause::Silence { p, median_gap_days, silent_days, seasonal } => {
            let gap =
                median_gap_days.map(|days| format!(", where {} are usual", span(days))).unwrap_or_default();
            let season =
                if *seasonal { "; it was silent in this season in the years before too" } else { "" };
            let outlast = format!("its own rhythm would outlast that with {}", percent(*p));
            format!("no order for {}{gap}; {outlast}{season}", span(*silent_days))
        }
        Cause::Trend { g, .. } => {
            let change = 100.0 * g.exp_m1();
            let word = if change < 0.0 { "below" } else { "above" };
            format!("the recent amounts lie {:.0} % {word} the longer trend", change.abs())
        }
        Cause::Age { days, orders } => format!("{orders} days with orders, the first {} ago", span(*days)),
    }
}

/// What comes next in words.
pub(in crate::cli) fn due(next: &Next, zone: Zone) -> String {
    format!("{} is due on {}", next.name.as_str(), day(next.at, zone))
}

fn reason(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Event => "by what was recorded",
        CauseKind::Silence => "by silence",
        CauseKind::Trend => "by the trend of its amounts",
        CauseKind::Age => "by age",
    }
}

fn promise(commitment: &str, by: Side, critical: bool) -> String {
    let whose = match by {
        Side::Us => "our",
        Side::Customer => "the customer's",
    };
    let critical = if critical { "critical " } else { "" };
    format!("{whose} {critical}promise {commitment}")
}

fn rule_in_words(rule: ListRule) -> &'static str {
    match rule {
        ListRule::Stayed => "it stayed within the wider band",
        ListRule::Settling => "it is in its first two reviews",
        ListRule::Challenged => "it ranked high enough to challenge",
        ListRule::Filled => "it filled a free seat",
        ListRule::Pinned => "it was pinned by hand",
        ListRule::Unpinned => "it was unpinned by hand",
        ListRule::FellOut => "it fell out of the wider band",
        ListRule::Displaced => "a challenger displaced it",
        ListRule::Ineligible => "it is closed or merged away",
    }
}

/// The dimensions that moved a figure most.
pub(in crate::cli) fn moved(dimensions: &[DimensionMove]) -> String {
    let named = dimensions.iter().take(DIMENSIONS_NAMED);
    let named: Vec<String> =
        named.map(|moved| format!("{} ({:+.1})", moved.dimension.as_str(), moved.points)).collect();
    named.join(" and ")
}

/// A day, such as `11 February 2027`.
pub(in crate::cli) fn day(at: Timestamp, zone: Zone) -> String {
    zone.day_of(at).date().format("%-d %B %Y").to_string()
}

/// A span of days, such as `1 day` or `104 days`; whole days that have passed.
pub(in crate::cli) fn span(days: f64) -> String {
    let days = days.floor();
    if (days - 1.0).abs() < 0.5 { "1 day".to_owned() } else { format!("{days:.0} days") }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// Where events stand in the log.
pub(in crate::cli) fn positions(events: &[EventRef]) -> String {
    events.iter().map(|event| event.position.to_string()).collect::<Vec<_>>().join(" ")
}
