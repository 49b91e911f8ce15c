//! How fast the image and the questions are, as ratios to yardsticks measured in the same run: see `README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use guanxi_benches::replay::{Filled, Stages};
use guanxi_benches::report::{self, median};
use guanxi_benches::{machine, questions};

struct Plan {
    rounds: usize,
    accounts: usize,
    events: u64,
    folder: PathBuf,
    /// Only tell how much memory the image of a ledger takes that is there already.
    memory_of: Option<PathBuf>,
}

fn main() {
    let Some(plan) = plan() else {
        eprintln!(
            "usage: cargo bench --bench projections [-- [--rounds N] [--accounts N] [--events N] [--folder PATH]]"
        );
        std::process::exit(2);
    };
    if let Some(folder) = &plan.memory_of {
        println!("{}", Filled::found(folder, plan.accounts, plan.events).bytes_per_event());
        return;
    }
    let folder = plan.folder.join(format!("projections-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("{}", machine::describe(&folder));
    let filled = Filled::new(&folder, plan.accounts, plan.events);
    println!(
        "{} events of {} accounts, every type, 5 % late, 1.2 % corrected or taken back; {} rounds, medians over their \
         turns\n",
        plan.events, plan.accounts, plan.rounds
    );
    let mut stages = Stages::default();
    let mut rows = filled.measure(plan.rounds, &mut stages);
    rows.extend(questions::measure(&filled, plan.rounds));
    report::print(&rows);
    shares(&stages);
    println!(
        "\nbytes for an event: {:.0} in memory, {:.0} in the cache",
        memory(&plan, &folder),
        filled.cache_bytes_per_event()
    );
    let _ = std::fs::remove_dir_all(&folder);
}

/// Where the time of a replay on one core goes.
fn shares(stages: &Stages) {
    let (read, gathered) = (median(&stages.read), median(&stages.gathered));
    let (decoded, whole) = (median(&stages.decoded), median(&stages.whole));
    println!("\nreplay on one core, of {whole:.2} s:");
    let share = |what: &str, seconds: f64| println!("  {what:<28} {:>4.0} %", 100.0 * seconds / whole);
    share("reading records", read);
    share("gathering them by account", gathered - read);
    share("decoding them", decoded - gathered);
    share("taking them into images", whole - decoded);
}

/// Asked of a process of its own, since memory that was used before would be used again.
fn memory(plan: &Plan, folder: &Path) -> f64 {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.arg("--memory-of").arg(folder);
    child.arg("--accounts").arg(plan.accounts.to_string()).arg("--events").arg(plan.events.to_string());
    let output = child.output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(f64::NAN)
}

fn plan() -> Option<Plan> {
    // Beside the build, on a disk: temporary folders are often memory.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut plan = Plan { rounds: 3, accounts: 10_000, events: 1_000_000, folder, memory_of: None };
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next()?;
        match argument.as_str() {
            "--rounds" => plan.rounds = value.parse().ok().filter(|rounds| *rounds > 0)?,
            "--accounts" => plan.accounts = value.parse().ok().filter(|accounts| *accounts > 0)?,
            "--events" => plan.events = value.parse().ok().filter(|events| *events > 0)?,
            "--folder" => plan.folder = PathBuf::from(value),
            "--memory-of" => plan.memory_of = Some(PathBuf::from(value)),
            _ => return None,
        }
    }
    (plan.events > plan.accounts as u64).then_some(plan)
}
