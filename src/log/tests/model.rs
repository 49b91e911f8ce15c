//! The log against a plain vector: random submissions, the same answers.

use guanxi_projections::id::AccountId;
use guanxi_projections::position::Position;

use super::{Dice, event, fresh_disk, open};
use crate::log::{AppendError, Expect, Gathered, Log, Outcome, Prepared, Refusal, Unit, heap_of};

/// What the log should be: a vector.
#[derive(Default, Clone)]
struct Model(Vec<Prepared>);

impl Model {
    fn stream_len(&self, account: &AccountId) -> u64 {
        self.0.iter().filter(|event| event.heading.account == *account).count() as u64
    }

    fn append(&mut self, event: &Prepared) -> Result<Option<u64>, Refusal> {
        let same_name = |known: &&Prepared| known.heading.id == event.heading.id;
        if let Some(at) = self.0.iter().position(|known| same_name(&known)) {
            let position = Position(at as u64);
            let same = self.0[at].digest == event.digest;
            return if same { Ok(Some(position.0)) } else { Err(Refusal::Conflict { position }) };
        }
        let actual = self.stream_len(&event.heading.account);
        match event.expect {
            Expect::Absent if actual > 0 => Err(Refusal::Exists),
            Expect::Present if actual == 0 => Err(Refusal::Missing),
            Expect::Count(expected) if expected != actual => Err(Refusal::Count { expected, actual }),
            Expect::Absent | Expect::Present | Expect::Count(_) => {
                self.0.push(event.clone());
                Ok(None)
            }
        }
    }

    fn submit(&mut self, events: &[Prepared], unit: Unit) -> Result<Vec<Answer>, (usize, Refusal)> {
        let before = self.clone();
        let mut answers = Vec::new();
        for (index, event) in events.iter().enumerate() {
            let next = self.0.len() as u64;
            match self.append(event) {
                Ok(Some(position)) => answers.push(Answer::Duplicate(position)),
                Ok(None) => answers.push(Answer::Recorded(next)),
                Err(refusal) if unit == Unit::Each => answers.push(Answer::Refused(refusal)),
                Err(refusal) => {
                    *self = before;
                    return Err((index, refusal));
                }
            }
        }
        Ok(answers)
    }
}

#[derive(Debug, PartialEq)]
enum Answer {
    Recorded(u64),
    Duplicate(u64),
    Refused(Refusal),
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Recorded { position, .. } => Self::Recorded(position.0),
            Outcome::Duplicate { position } => Self::Duplicate(position.0),
            Outcome::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

fn random_event(dice: &mut Dice) -> Prepared {
    let expect = match dice.below(8) {
        0..=2 => Expect::Absent,
        3..=6 => Expect::Present,
        _ => Expect::Count(dice.below(4)),
    };
    let account = format!("account-{}", dice.below(6));
    let id = format!("e{}", dice.below(60));
    event(&account, &id, dice.below(2), expect)
}

fn compare(log: &Log, model: &Model) {
    assert_eq!(log.head().count, model.0.len() as u64);
    for (position, event) in model.0.iter().enumerate() {
        let stored = log.record(Position(position as u64)).unwrap().unwrap().decode().unwrap();
        assert_eq!(stored.envelope.heading, event.heading);
        let found = log.find(&event.heading.source, &event.heading.id).unwrap();
        assert_eq!(found, Some(Position(position as u64)));
    }
    for (from, limit) in [(0, usize::MAX), (0, 3), (2, 7), (model.0.len(), 1), (usize::MAX, usize::MAX)] {
        compare_gathered(log, model, from, limit);
    }
    for account in log.accounts() {
        let stream = log.stream(&account).unwrap();
        let expected: Vec<_> = model.0.iter().filter(|event| event.heading.account == account).collect();
        assert_eq!(stream.len(), expected.len());
        for ((recorded, event), sequence) in stream.iter().zip(expected).zip(0..) {
            assert_eq!(recorded.envelope.heading, event.heading);
            assert_eq!(recorded.envelope.sequence.0, sequence);
        }
    }
}

/// A stretch has the events of each stream that lie in it, and no others.
fn compare_gathered(log: &Log, model: &Model, from: usize, limit: usize) {
    let mut gathered = Gathered::default();
    // What was gathered before leaves no trace.
    log.gather(Position(0), 5, &mut gathered).unwrap();
    log.gather(Position(from as u64), limit, &mut gathered).unwrap();
    let stretch: Vec<_> = model.0.iter().zip(0..).skip(from).take(limit).collect();
    let mut recordings: Vec<_> = gathered.recordings().map(|(recording, _)| recording).collect();
    recordings.sort_by_key(|recording| recording.position);
    assert_eq!(recordings.len(), stretch.len());
    for (recording, (event, position)) in recordings.iter().zip(&stretch) {
        assert_eq!((recording.position.0, recording.occurred_at), (*position, event.heading.occurred_at));
    }
    for account in log.accounts() {
        let of_account = stretch.iter().filter(|(event, _)| event.heading.account == account);
        let expected: Vec<u64> = of_account.map(|(_, position)| *position).collect();
        let positions: Vec<u64> = gathered.positions(&account).map(|position| position.0).collect();
        assert_eq!(positions, expected);
        let events = gathered.heaps()[heap_of(&account)].events();
        let its_own = events.filter(|gleaned| gleaned.account_id().unwrap() == account);
        assert_eq!(its_own.map(|gleaned| gleaned.recording().position.0).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn the_log_answers_like_a_plain_vector() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let disk = fresh_disk();
        let mut log = open(disk.storage());
        let mut model = Model::default();
        for _ in 0..30 {
            let events: Vec<_> = (0..=dice.below(5)).map(|_| random_event(&mut dice)).collect();
            let unit = if dice.chance(50) { Unit::Whole } else { Unit::Each };
            let expected = model.submit(&events, unit);
            let answer = match log.append(events, unit) {
                Ok(outcomes) => Ok(outcomes.into_iter().map(Answer::from).collect()),
                Err(AppendError::Refused { index, refusal }) => Err((index, refusal)),
                Err(other) => panic!("seed {seed}: {other}"),
            };
            assert_eq!(answer, expected, "seed {seed}");
            if dice.chance(10) {
                drop(log);
                log = open(disk.storage());
            }
        }
        compare(&log, &model);
        log.verify(|_| ()).unwrap();
    }
}
