//! How fast a ledger is served, as ratios to yardsticks measured in the same run: see `README.md`.

use std::path::PathBuf;
use std::process::ExitCode;

use guanxi_benches::http::{append, lines, read};
use guanxi_benches::program::be_what_you_are;
use guanxi_benches::{machine, report};

struct Plan {
    rounds: usize,
    only: Option<String>,
    folder: PathBuf,
}

fn main() -> ExitCode {
    if let Some(code) = be_what_you_are() {
        return code;
    }
    let Some(plan) = plan() else {
        eprintln!(
            "usage: cargo bench --bench http [-- [--rounds N] [--only read|append|lines] [--folder PATH]]"
        );
        return ExitCode::from(2);
    };
    let folder = plan.folder.join(format!("http-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("{}", machine::describe(&folder));
    println!("servers are processes of their own; {} rounds, medians over their turns\n", plan.rounds);
    let wanted = |name: &str| plan.only.as_deref().is_none_or(|only| only == name);
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    if wanted("append") {
        rows.extend(append::measure(&folder, plan.rounds));
    }
    if wanted("lines") {
        rows.extend(lines::measure(&folder, plan.rounds));
    }
    if wanted("read") {
        let reads = read::measure(&folder, plan.rounds);
        rows.extend(reads.rows);
        notes.push(format!(
            "reads: the last core asks, the others serve; an answer has {} bytes; whoever asked waited at least {:.0} % \
             of each turn for ours, {:.0} % for the yardstick",
            reads.bytes,
            100.0 * reads.waited.0,
            100.0 * reads.waited.1
        ));
    }
    report::print(&rows);
    for note in notes {
        println!("\n{note}");
    }
    let _ = std::fs::remove_dir_all(&folder);
    ExitCode::SUCCESS
}

fn plan() -> Option<Plan> {
    // Beside the build, on a disk: temporary folders are often memory.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut plan = Plan { rounds: 3, only: None, folder };
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next()?;
        match argument.as_str() {
            "--rounds" => plan.rounds = value.parse().ok().filter(|rounds| *rounds > 0)?,
            "--only" => plan.only = Some(value),
            "--folder" => plan.folder = PathBuf::from(value),
            _ => return None,
        }
    }
    Some(plan)
}
