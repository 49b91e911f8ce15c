//! Writes believable events as `CloudEvents`, one per line, to standard output: `generate_jsonl BYTES ACCOUNTS SEED`.
//!
//! For checking that an import of any size needs no more memory than a small one.

use std::io::{self, BufWriter, Write};

use guanxi_benches::jsonl::Lines;

fn main() -> io::Result<()> {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let (bytes, accounts, seed) = match arguments[..] {
        [bytes, accounts, seed] if accounts > 0 => (bytes, accounts, seed),
        _ => {
            eprintln!("usage: generate_jsonl BYTES ACCOUNTS SEED (whole numbers; at least one account)");
            std::process::exit(2);
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut lines = Lines::new(seed, accounts);
    let mut written = 0;
    while written < bytes {
        let text = lines.next_line();
        out.write_all(text.as_bytes())?;
        written += text.len() as u64;
    }
    out.flush()
}
