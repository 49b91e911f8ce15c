//! Events and causes in words that a manager would use.

use guanxi_projections::stage::Cause;
use serde_json::Value;

use crate::ledger::HistoryEntry;

/// How many characters a line has for what an event says.
const CHARS: usize = 64;

/// What the lists of an account know of promises and persons that events only name.
pub(super) struct Words<'a> {
    /// The promise ledger.
    pub(super) promises: &'a [Value],
    /// The stakeholder map.
    pub(super) contacts: &'a [Value],
}

impl Words<'_> {
    /// What an event says, in one line.
    pub(super) fn says(&self, entry: &HistoryEntry) -> String {
        let Some(data) = entry.data_in_force.as_ref().or_else(|| entry.event.get("data")) else {
            return String::new();
        };
        let text = |field: &str| text_of(data, field);
        let says = match text_of(&entry.event, "type") {
            "meeting.held" => self.meeting(data),
            "commitment.made" => {
                let who = if text("by") == "us" { "we" } else { "they" };
                format!("{who}, by {}: {}", text("due"), text("text"))
            }
            "commitment.kept" | "commitment.broken" | "commitment.moved" => {
                said(self.promises, "commitment", text("commitment")).unwrap_or_default().to_owned()
            }
            "delivery.completed" => text("outcome").to_owned(),
            _ => money(data.get("amount")).unwrap_or_else(|| other(data)),
        };
        shortened(says)
    }

    fn meeting(&self, data: &Value) -> String {
        let channel = match text_of(data, "channel") {
            "executive" => "executives",
            other => other,
        };
        let with = data.get("customer").and_then(Value::as_array).into_iter().flatten();
        let with = with.filter_map(Value::as_str);
        let names: Vec<_> =
            with.map(|alias| said(self.contacts, "contact", alias).unwrap_or(alias)).collect();
        let topic = text_of(data, "topic");
        let about = if topic.is_empty() { String::new() } else { format!(": {topic}") };
        format!("{channel} with {}{about}", names.join(", "))
    }
}

/// What the line of a list says in words, found by what its field names.
fn said<'a>(lines: &'a [Value], field: &str, name: &str) -> Option<&'a str> {
    lines.iter().find(|line| text_of(line, field) == name).map(|line| text_of(line, "said"))
}

fn shortened(says: String) -> String {
    if says.chars().count() <= CHARS {
        return says;
    }
    says.chars().take(CHARS - 3).chain("...".chars()).collect()
}

/// The first text that says something, in the order of preference.
fn other(data: &Value) -> String {
    let fields =
        ["text", "note", "title", "findings", "reason", "topic", "form", "person", "severity", "issue"];
    fields
        .iter()
        .map(|field| text_of(data, field))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// `132300.00 EUR` as `132,300 EUR`; cents only where there are some.
fn money(money: Option<&Value>) -> Option<String> {
    let amount = money?.get("amount")?.as_str()?;
    let (whole, cents) = amount.split_once('.').unwrap_or((amount, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if cents.chars().any(|digit| digit != '0') {
        grouped = format!("{grouped}.{cents}");
    }
    Some(format!("{grouped} {}", text_of(money?, "currency")))
}

pub(super) fn text_of<'a>(line: &'a Value, field: &str) -> &'a str {
    line.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Why a stage began.
pub(super) fn because(cause: &Cause) -> String {
    match cause {
        Cause::Event { event_type, .. } => event_type.as_str().to_owned(),
        Cause::Silence { median_gap_days, silent_days, seasonal, .. } => {
            let used =
                median_gap_days.map(|days| format!(", where {days:.0} were usual")).unwrap_or_default();
            let season = if *seasonal { " (as in this season of the years before)" } else { "" };
            format!("no order for {silent_days:.0} days{used}{season}")
        }
        Cause::Trend { g, .. } => {
            let much = match g {
                ..-0.1 => "less than",
                0.1.. => "more than",
                _ => "about as much as",
            };
            format!("ordered {much} it used to (trend {g:+.2})")
        }
        Cause::Age { days, orders } => format!("{orders} days of orders, the first {days:.0} days before"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::money;

    #[test]
    fn amounts_are_grouped_by_thousands() {
        let shown = |amount: &str| money(Some(&json!({ "amount": amount, "currency": "EUR" }))).unwrap();
        assert_eq!(shown("132300.00"), "132,300 EUR");
        assert_eq!(shown("1000000.05"), "1,000,000.05 EUR");
        assert_eq!(shown("999"), "999 EUR");
        assert_eq!(money(None), None);
    }
}
