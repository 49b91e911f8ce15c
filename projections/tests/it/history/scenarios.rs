//! Scenarios as text, each worked out by hand. The README beside them says how they are written.

use guanxi_projections::history::{Standing, Stream, effective};
use guanxi_projections::time::Timestamp;

use super::told::{Fact, InForce, Told, What, plain, recorded};

macro_rules! scenarios {
    ($($name:ident)+) => {$(
        #[test]
        fn $name() {
            let file = concat!("../../../../fixtures/scenarios/history/", stringify!($name), ".txt");
            check(file, include_str!(concat!(
                "../../../../fixtures/scenarios/history/", stringify!($name), ".txt"
            )));
        }
    )+};
}

scenarios! {
    across_as_of
    correction
    corrections_in_order
    known_at
    opening
    order
    own_time
    retracted_correction
    retraction
    retraction_of_retraction
    targets
}

/// Runs a file of scenarios.
#[track_caller]
fn check(file: &str, text: &str) {
    let mut scenario = Scenario::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or(line).trim();
        if !line.is_empty() {
            scenario.take(line).unwrap_or_else(|problem| panic!("{file}:{}: {problem}", index + 1));
        }
    }
    scenario.answered().unwrap_or_else(|problem| panic!("{file}: at its end: {problem}"));
    assert!(scenario.checks > 0, "{file} checks nothing");
}

#[derive(Default)]
struct Scenario {
    told: Vec<Told>,
    as_of: Option<(Timestamp, Timestamp)>,
    /// What is in force and was not expected yet.
    in_force: std::collections::VecDeque<InForce>,
    checks: usize,
}

impl Scenario {
    fn take(&mut self, line: &str) -> Result<(), String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words[0] != "=" {
            self.answered()?;
        }
        match words[..] {
            ["scenario", ..] => *self = Self { checks: self.checks, ..Self::default() },
            ["at", as_of, "known", known_at] => self.ask(at(as_of), at(known_at)),
            ["=", ref event @ ..] => return self.expect(&in_force(event)),
            ["none"] => self.checks += 1,
            ["stand", ref places @ ..] => return self.stand(places),
            [recorded, occurred, ref what @ ..] => self.tell(at(recorded), at(occurred), what),
            _ => panic!("no such line: {line}"),
        }
        Ok(())
    }

    fn tell(&mut self, recorded: Timestamp, occurred: Timestamp, words: &[&str]) {
        let position = self.told.len() as u64;
        self.told.push(Told { position, recorded, occurred, what: what(words) });
    }

    fn ask(&mut self, as_of: Timestamp, known_at: Timestamp) {
        self.as_of = Some((as_of, known_at));
        self.in_force = plain(&effective(&recorded(&self.told), as_of, known_at)).into();
    }

    fn expect(&mut self, expected: &InForce) -> Result<(), String> {
        self.checks += 1;
        let actual = self.in_force.pop_front();
        if actual.as_ref() == Some(expected) {
            Ok(())
        } else {
            Err(format!("expected {expected:?}, but it is {actual:?}"))
        }
    }

    /// Nothing is in force beyond what was expected.
    fn answered(&self) -> Result<(), String> {
        self.in_force.front().map_or(Ok(()), |more| Err(format!("{more:?} is in force too")))
    }

    fn stand(&mut self, expected: &[&str]) -> Result<(), String> {
        self.checks += 1;
        let known_at = self.as_of.map_or(Timestamp::MAX, |(_, known_at)| known_at);
        let recorded = recorded(&self.told);
        let stream = Stream::known_at(&recorded, known_at);
        let standing = stream.standings().filter(|(_, standing)| *standing == Standing::Stands);
        let actual: Vec<String> = standing.map(|(one, _)| one.envelope.position.to_string()).collect();
        if actual == expected { Ok(()) } else { Err(format!("these stand: {actual:?}")) }
    }
}

/// `POSITION TIME FACT [by POSITION...]`.
fn in_force(words: &[&str]) -> InForce {
    let until = words.iter().position(|word| *word == "by").unwrap_or(words.len());
    InForce {
        position: words[0].parse().unwrap(),
        occurred: at(words[1]),
        fact: fact(&words[2..until]).expect("a fact"),
        corrections: words[until..].iter().skip(1).map(|word| word.parse().unwrap()).collect(),
    }
}

fn what(words: &[&str]) -> What {
    match *words {
        ["retract", target] => {
            let (target, by_name) = self::target(target);
            What::Retract { target, by_name }
        }
        ["correct", target, "to", time, ref data @ ..] => corrected(target, Some(at(time)), data),
        ["correct", target, ref data @ ..] => corrected(target, None, data),
        _ => What::Original(fact(words).unwrap_or_else(|| panic!("no such event: {words:?}"))),
    }
}

fn corrected(target: &str, time: Option<Timestamp>, data: &[&str]) -> What {
    let (target, by_name) = self::target(target);
    What::Correct { target, by_name, time, fact: fact(data) }
}

/// `3` is a position, `test/e3` a source and an id.
fn target(word: &str) -> (usize, bool) {
    match word.strip_prefix("test/e") {
        Some(place) => (place.parse().unwrap(), true),
        None => (word.parse().unwrap(), false),
    }
}

fn fact(words: &[&str]) -> Option<Fact> {
    match *words {
        [] => None,
        ["opened", name] => Some(Fact::Opened(name.to_owned())),
        ["order", id, amount] => Some(Fact::Ordered(id.to_owned(), amount.parse().unwrap())),
        _ => panic!("no such fact: {words:?}"),
    }
}

/// `2026-01-31`, `2026-01-31T10:00` or a whole timestamp, in UTC.
fn at(text: &str) -> Timestamp {
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        16 => format!("{text}:00Z"),
        _ => text.to_owned(),
    };
    whole.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
