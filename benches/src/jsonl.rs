//! Believable events as `CloudEvents`, one per line: for programs that take text.
//!
//! The same seed gives the same bytes on every machine. Each account is opened before anything else happens to it, and
//! nothing lies in the future of 2026-01-01.

use serde_json::{Value, json};

use crate::dice::Dice;

const CITIES: &[&str] = &["上海", "苏州", "Hamburg", "深圳", "Leeds", "武汉", "Torino", "西安"];
const TRADES: &[&str] = &["精密机械", "Steel Works", "电气", "Logistics", "化工", "Instruments", "轴承"];
const PEOPLE: &[&str] =
    &["li.wei", "王芳", "anna.schmidt", "zhang.min", "陈刚", "j.miller", "刘洋", "p.rossi"];
const TOPICS: &[&str] = &[
    "pilot scope and who signs it off",
    "交付计划与验收标准",
    "prices for next year, and the delay in March",
    "售后响应时间，客户希望缩短到四小时",
    "visit to the reference plant",
    "新项目的技术路线",
];

/// Counted from 0001-01-01, which is day 0.
const START_DAY: u64 = 738_002; // 2021-08-01
const DAYS: u64 = 1_600;

/// Makes lines, one after the other, for ever.
#[derive(Debug)]
pub struct Lines {
    dice: Dice,
    accounts: u64,
    made: u64,
}

impl Lines {
    /// The lines of a seed, about so many accounts, which are opened first.
    pub fn new(seed: u64, accounts: u64) -> Self {
        Self { dice: Dice::new(seed), accounts, made: 0 }
    }

    /// The next line, with the line break behind it.
    pub fn next_line(&mut self) -> String {
        let made = self.made;
        if made >= self.accounts {
            let account = self.dice.below(self.accounts).min(self.dice.below(self.accounts));
            return self.about(account);
        }
        self.made += 1;
        line(made, made, "2021-07-30T09:00:00+08:00", "account.opened", &opening(&mut self.dice, made))
    }

    /// The next line, about an account that is open.
    pub fn about(&mut self, account: u64) -> String {
        let made = self.made;
        self.made += 1;
        let (event_type, data) = event(&mut self.dice, made);
        let time = time(&mut self.dice);
        line(made, account, &time, event_type, &data)
    }

    /// The next so many lines.
    pub fn take(&mut self, count: u64) -> String {
        (0..count).map(|_| self.next_line()).collect()
    }
}

/// One event, made as number `made`, with the line break behind it.
fn line(made: u64, account: u64, time: &str, event_type: &str, data: &Value) -> String {
    let event = json!({
        "specversion": "1.0", "id": format!("gen-{made}"), "source": "generated/jsonl", "type": event_type,
        "subject": format!("account-{account:05}"), "time": time, "data": data,
    });
    format!("{event}\n")
}

/// An instant between mid 2021 and the end of 2025.
fn time(dice: &mut Dice) -> String {
    let day = START_DAY + dice.below(DAYS);
    let (year, month, day) = civil(day);
    let (hour, minute) = (dice.between(8, 18), dice.below(60));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+08:00")
}

/// The date of a day counted from 0001-01-01 (day 0), in the Gregorian calendar.
fn civil(day: u64) -> (u64, u64, u64) {
    // Counted from 0000-03-01 a leap day ends the year it belongs to.
    let day = day + 306;
    let era_day = day % 146_097;
    let year_of_era = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let day_of_year = era_day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + day / 146_097 * 400 + u64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

fn opening(dice: &mut Dice, account: u64) -> Value {
    let name = format!("{} {} {account}", dice.pick(CITIES), dice.pick(TRADES));
    json!({"name": name, "industry": dice.pick(TRADES), "region": dice.pick(CITIES)})
}

fn event(dice: &mut Dice, made: u64) -> (&'static str, Value) {
    match dice.below(100) {
        0..45 => {
            let data = json!({
                "channel": dice.pick(&["visit", "meeting", "call", "message"]), "ours": [dice.pick(&PEOPLE[..4])],
                "customer": [dice.pick(&PEOPLE[4..6]), dice.pick(&PEOPLE[6..])],
                "minutes": dice.between(1, 9) * 15, "topic": dice.pick(TOPICS),
            });
            ("meeting.held", data)
        }
        45..60 => {
            let amount = format!("{}.{:02}", dice.between(800, 900_000), dice.below(100));
            let data =
                json!({"order": format!("SO-{made}"), "amount": {"amount": amount, "currency": "CNY"}});
            ("order.placed", data)
        }
        60..72 => {
            let order = format!("SO-{}", dice.below(made));
            let outcome = dice.pick(&["accepted", "accepted", "accepted", "defects"]);
            let data = json!({"delivery": format!("DN-{made}"), "order": order, "outcome": outcome});
            ("delivery.completed", data)
        }
        72..82 => {
            let by = dice.pick(&["us", "customer"]);
            let data = json!({"commitment": format!("promise-{made}"), "by": by, "due": "2025-12-30",
                "critical": dice.below(4) == 0, "text": dice.pick(TOPICS)});
            ("commitment.made", data)
        }
        _ => ("note.taken", json!({"text": format!("{} / {}", dice.pick(TOPICS), dice.pick(TOPICS))})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guanxi_projections::accept;
    use guanxi_projections::time::Zone;
    use guanxi_projections::wire;

    #[test]
    fn every_event_is_accepted() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut dice = Dice::new(3);
        for made in 1..2_000 {
            let (event_type, data) = event(&mut dice, made);
            let text = line(made, 0, &time(&mut dice), event_type, &data);
            let draft = wire::parse_text(text.trim_end().as_bytes()).unwrap();
            accept::accept(&draft, now, Zone::default()).unwrap();
        }
        let text = line(0, 0, "2021-07-30T09:00:00+08:00", "account.opened", &opening(&mut dice, 0));
        wire::parse_text(text.trim_end().as_bytes()).unwrap();
    }

    #[test]
    fn days_have_their_dates() {
        assert_eq!(civil(0), (1, 1, 1));
        assert_eq!(civil(START_DAY), (2021, 8, 1));
        assert_eq!(civil(START_DAY + DAYS - 1), (2025, 12, 17));
        assert_eq!(civil(738_944), (2024, 2, 29));
    }
}
