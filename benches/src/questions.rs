//! How fast questions are answered at random coordinates.

use guanxi::ledger::{Asked, Ledger};
use guanxi_projections::id::AccountId;
use guanxi_projections::time::When;

use crate::dice::Dice;
use crate::portfolio::Portfolio;
use crate::replay::Filled;
use crate::report::{Row, Target, percentile};
use crate::timing::seconds;

/// Questions about one account, after one that makes the epoch.
const SHOWN: usize = 300;
/// Quarters that the questions fall into.
const QUARTERS: u64 = 12;

/// Asks for the busiest account, for all accounts, and for epochs that nobody asked for before.
pub fn measure(filled: &Filled, rounds: usize) -> Vec<Row> {
    let ledger = filled.open();
    ledger.refresh().unwrap();
    let mut dice = Dice::new(11);
    let mut cold = Row::new("first question of a quarter", "", "ms", Target::Told);
    let mut half = Row::new("show, busiest account, warm, p50", "5 ms", "ms", Target::Told);
    let mut most = Row::new("show, busiest account, warm, p99", "5 ms", "ms", Target::AtMost(1.0));
    let mut all = Row::new("ranked portfolio at a past T, warm", "250 ms", "ms", Target::AtMost(1.0));
    let account = Portfolio::account(0);
    for _ in 0..rounds {
        let mut times = Vec::new();
        for shown in 0..SHOWN {
            let asked = asked(filled, &mut dice);
            let first = show(&ledger, &account, &asked);
            // The same once more, so that the epoch is there.
            times.push(show(&ledger, &account, &asked));
            if shown < 20 {
                cold.add(first, times[shown]);
            }
        }
        half.add(percentile(&times, 0.5), 5.0);
        most.add(percentile(&times, 0.99), 5.0);
        let asked = asked(filled, &mut dice);
        show(&ledger, &account, &asked);
        for _ in 0..3 {
            all.add(seconds(|| assert!(!everyone(&ledger, &asked).is_empty())) * 1e3, 250.0);
        }
    }
    vec![half, most, cold, all]
}

fn everyone(ledger: &Ledger, asked: &Asked) -> Vec<guanxi::ledger::AccountRow> {
    ledger.all_accounts(asked, |_, _| ()).unwrap().accounts
}

/// Milliseconds of a question, with its answer as JSON.
fn show(ledger: &Ledger, account: &AccountId, asked: &Asked) -> f64 {
    seconds(|| drop(ledger.to_json(&ledger.account(account, asked).unwrap()).unwrap())) * 1e3
}

/// Random (T, K) of the last quarters.
fn asked(filled: &Filled, dice: &mut Dice) -> Asked {
    let day = |dice: &mut Dice| filled.day(1_460 - 1 - dice.below(QUARTERS * 91));
    let (one, other) = (day(dice), day(dice));
    Asked {
        as_of: Some(When::At(one.min(other))),
        known_at: Some(When::At(one.max(other))),
        ..Asked::default()
    }
}
