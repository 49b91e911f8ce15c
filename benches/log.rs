//! How fast the log is, as ratios to yardsticks measured in the same run: see `README.md`.

use std::path::PathBuf;

use guanxi_benches::contest::Contest;
use guanxi_benches::{machine, report, scan, size};

struct Plan {
    rounds: usize,
    scanned: usize,
    only: Option<String>,
    folder: PathBuf,
}

fn main() {
    let Some(plan) = plan() else {
        eprintln!(
            "usage: cargo bench [-- [--rounds N] [--scanned EVENTS] [--only append|ack|import|size|scan] \
 [--folder PATH]]"
        );
        std::process::exit(2);
    };
    let folder = plan.folder.join(format!("log-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("{}", machine::describe(&folder));
    let contest = Contest::new(&folder);
    println!(
        "records of {:.0} bytes on average, digest included; {} rounds, medians over their turns; ratio = ours / yardstick's, \
         the median of the turns' ratios\n",
        contest.mean_bytes(),
        plan.rounds
    );
    let wanted = |name: &str| plan.only.as_deref().is_none_or(|only| only == name);
    let mut rows = Vec::new();
    if wanted("append") {
        rows.extend(contest.append(plan.rounds));
    }
    if wanted("ack") {
        rows.extend(contest.acknowledge(plan.rounds));
    }
    if wanted("import") {
        rows.extend(contest.import(plan.rounds));
    }
    if wanted("size") {
        rows.extend(size::measure(&folder));
    }
    if wanted("scan") {
        rows.extend(scan::measure(&folder, plan.rounds, plan.scanned));
    }
    report::print(&rows);
    let _ = std::fs::remove_dir_all(&folder);
}

fn plan() -> Option<Plan> {
    // Beside the build, on a disk: temporary folders are often memory.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut plan = Plan { rounds: 3, scanned: 1_000_000, only: None, folder };
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next()?;
        match argument.as_str() {
            "--rounds" => plan.rounds = value.parse().ok().filter(|rounds| *rounds > 0)?,
            "--scanned" => plan.scanned = value.parse().ok().filter(|events| *events > 0)?,
            "--only" => plan.only = Some(value),
            "--folder" => plan.folder = PathBuf::from(value),
            _ => return None,
        }
    }
    Some(plan)
}
