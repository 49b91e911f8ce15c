//! The program `guanxi`: parse, run, exit code; no logic.

use std::process::ExitCode;

fn main() -> ExitCode {
    guanxi::cli::main()
}
