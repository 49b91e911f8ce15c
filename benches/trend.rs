//! How fast the whole portfolio is read: over three years, at one time, and between two; and where the time goes.

use std::path::PathBuf;

use guanxi_benches::replay::Filled;
use guanxi_benches::{machine, report, whole};

fn main() {
    // Beside the build, on a disk: temporary folders are often memory.
    let mut folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (mut rounds, mut accounts, mut events) = (3_usize, 10_000, 1_000_000);
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--rounds" => rounds = value.parse().unwrap(),
            "--accounts" => accounts = value.parse().unwrap(),
            "--events" => events = value.parse().unwrap(),
            "--folder" => folder = PathBuf::from(value),
            _ => {
                eprintln!(
                    "usage: cargo bench --bench trend [-- [--rounds N] [--accounts N] [--events N] [--folder PATH]]"
                );
                std::process::exit(2);
            }
        }
    }
    let folder = folder.join(format!("trend-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("{}", machine::describe(&folder));
    let filled = Filled::new(&folder, accounts, events);
    println!("{events} events of {accounts} accounts; {rounds} rounds, medians over their turns\n");
    let mut parts = whole::Parts::default();
    report::print(&whole::measure(&filled, rounds, &mut parts));
    println!("\n{}", parts.describe());
    let _ = std::fs::remove_dir_all(&folder);
}
