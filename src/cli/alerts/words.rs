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
    let why = &row.alert.why;
    business(row, zone)
        .or_else(|| promised(why, zone))
        .or_else(|| people(row, zone))
        .or_else(|| standing(why, zone))
        .unwrap_or_else(|| why.kind().as_str().to_owned())
}

/// What concerns orders and money.
fn business(row: &AlertRow, zone: Zone) -> Option<String> {
    let why = &row.alert.why;
    Some(if let Why::StageChanged { from, to, cause } = why {
        let (from, to) = (from.as_str(), to.as_str());
        format!("went from {from} to {to} on {}: {}", day(row.alert.since, zone), because(cause))
    } else if let Why::DeclinePredicted { at, because, silent_days } = why {
        let silent = silent_days.map(|days| format!("no order for {}; ", span(days))).unwrap_or_default();
        let reason = reason(*because);
        format!("{silent}decline is due on {} unless something happens ({reason})", day(*at, zone))
    } else if let Why::Silent { p, silent_days, next } = why {
        let outlast = format!("its own rhythm would outlast that with {}", percent(*p));
        let next = next.map(|next| format!("; {}", due(&next, zone))).unwrap_or_default();
        format!("no order for {}; {outlast}{next}", span(*silent_days))
    } else if let Why::Exposed { exposure } = why {
        format!("we give and gain little in return: exposure is {exposure:.1}")
    } else if let Why::EffortTooLow { ratio } = why {
        format!("gets {ratio:.1} times the effort that its importance deserves")
    } else if let Why::EffortTooHigh { ratio } = why {
        format!("takes {ratio:.1} times the effort that its importance deserves")
    } else {
        return None;
    })
}

/// What has a date that somebody agreed to.
fn promised(why: &Why, zone: Zone) -> Option<String> {
    Some(if let Why::PromiseDue { commitment, by, critical, due } = why {
        let critical = if *critical { "critical " } else { "" };
        format!("{} {critical}promise {commitment} is due on {}", whose(*by), day(*due, zone))
    } else if let Why::PromiseOverdue { commitment, by, critical, due, days_late } = why {
        let critical = if *critical { "critical " } else { "" };
        let (whose, due, late) = (whose(*by), day(*due, zone), span(*days_late));
        format!("{whose} {critical}promise {commitment} was due on {due} and is {late} late")
    } else if let Why::ContractExpiring { contract, expires, days_left } = why {
        format!("contract {contract} expires on {}, in {}", day(*expires, zone), span(*days_left))
    } else if let Why::ReceivableOverdue { invoice, open, currency, due, days_overdue } = why {
        let due = day(*due, zone);
        format!("invoice {invoice} was due on {due}; {open} {currency} are open for {}", span(*days_overdue))
    } else {
        return None;
    })
}

/// What concerns who speaks to whom.
fn people(row: &AlertRow, zone: Zone) -> Option<String> {
    let why = &row.alert.why;
    Some(if let Why::CoverageLow { coverage, roles_silent } = why {
        let roles: Vec<_> = roles_silent.iter().map(|role| role.as_str()).collect();
        let silent = if roles.is_empty() { String::new() } else { format!("; silent: {}", roles.join(", ")) };
        format!("coverage is {coverage:.0} of 100{silent}")
    } else if let Why::DecisionSilent { silent_days, last_contact } = why {
        let silent = span(*silent_days);
        match last_contact {
            Some(last) => {
                format!("those who decide were last spoken to on {}, {silent} ago", day(*last, zone))
            }
            None => format!("nobody who decides was spoken to, in {silent}"),
        }
    } else if let Why::SingleThreaded { living_contacts, score } = why {
        format!("hangs by a thread: a score of {score:.0}, but only {living_contacts:.1} living contacts")
    } else if let Why::OneColleague { share, .. } = why {
        let colleague = row.colleague.as_ref().map_or("one colleague", |colleague| colleague.as_str());
        format!("{colleague} alone carries {} of the contact", percent(*share))
    } else {
        return None;
    })
}

/// What concerns how the account is judged.
fn standing(why: &Why, zone: Zone) -> Option<String> {
    Some(if let Why::HealthFallen { from, to, days, dimensions } = why {
        let most = moved(dimensions);
        let most = if most.is_empty() { most } else { format!(", most by {most}") };
        format!("health fell from {from:.0} to {to:.0} within {days} days{most}")
    } else if let Why::EvaluationOverdue { due, last } = why {
        let last = match last {
            Some(last) => format!("the last evaluation was on {}", day(*last, zone)),
            None => "it never was".to_owned(),
        };
        format!("should have been evaluated by {}; {last}", day(*due, zone))
    } else if let Why::KeyListEntered { rule } = why {
        format!("came onto the key list: {}", rule_in_words(*rule))
    } else if let Why::KeyListLeft { rule } = why {
        format!("left the key list: {}", rule_in_words(*rule))
    } else if let Why::ConfidenceLow { confidence } = why {
        format!("little is known: only {} of its health comes from evidence", percent(*confidence))
    } else {
        return None;
    })
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

fn whose(by: Side) -> &'static str {
    match by {
        Side::Us => "our",
        Side::Customer => "the customer's",
    }
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
