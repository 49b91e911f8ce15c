//! The same commands with a server and without: the same output, the same messages, the same exit code, the same files.

use std::process::Stdio;

use super::{Served, note, opening};
use crate::harness::{Ran, Site, files_in, northwind_mapping, northwind_orders};

/// A day on which all of the demonstration has happened.
const DAY: &str = "2026-09-30";
const ACCOUNT: &str = "nordwind";

/// Two directories with the same ledger. That of the second is being served.
struct Pair {
    alone: Site,
    with_server: Site,
    served: Served,
}

impl Pair {
    #[track_caller]
    fn of(alone: Site) -> Self {
        let with_server = alone.copy();
        let served = Served::start(&with_server, &[]);
        Self { alone, with_server, served }
    }

    /// Does the same on both, and compares what was said.
    #[track_caller]
    fn check(&self, what: &str, run: impl Fn(&Site) -> Ran) -> Ran {
        let said = |site: &Site| {
            let place = site.path().to_str().unwrap();
            let ran = run(site);
            Ran {
                stdout: ran.stdout.replace(place, "PLACE"),
                stderr: ran.stderr.replace(place, "PLACE"),
                code: ran.code,
            }
        };
        let (alone, served) = (said(&self.alone), said(&self.with_server));
        assert_eq!(alone, served, "{what}");
        alone
    }

    #[track_caller]
    fn run(&self, arguments: &str) -> Ran {
        self.check(arguments, |site| site.run(arguments.split(' ')))
    }

    #[track_caller]
    fn feed(&self, arguments: &str, input: &str) -> Ran {
        self.check(arguments, |site| site.feed(arguments.split(' '), input))
    }

    /// Writes a file beside both ledgers.
    fn write(&self, name: &str, text: &str) {
        self.alone.write(name, text);
        self.with_server.write(name, text);
    }

    /// Compares a file that a command has made.
    #[track_caller]
    fn check_file(&self, name: &str) {
        let read = |site: &Site| std::fs::read_to_string(site.path().join(name)).unwrap();
        assert_eq!(read(&self.alone), read(&self.with_server), "{name}");
    }
}

fn demonstration() -> Pair {
    let site = Site::new();
    site.run(["demo", "--keep", "ledger"]).succeeded();
    Pair::of(site)
}

#[test]
fn questions_are_answered_alike() {
    let pair = demonstration();
    let questions = [
        "accounts --as-of DAY",
        "portfolio --as-of DAY",
        "alerts --as-of DAY",
        "alerts --as-of DAY --lang zh",
        "movement --from 2026-06-30 --to DAY",
        "movement --from 2026-06-30 --to DAY --lang zh",
        "show ACCOUNT --as-of DAY",
        "show ACCOUNT --as-of DAY --lang zh",
        "show ACCOUNT --as-of DAY --known-at 2025-09-30",
        "history ACCOUNT --as-of DAY",
        "list commitments ACCOUNT --as-of DAY",
        "trend ACCOUNT --from 2026-01-01 --to DAY",
        "explain ACCOUNT health --as-of DAY",
        "explain ACCOUNT health --as-of DAY --lang zh",
        "diff ACCOUNT --from 2026-06-30 --to DAY",
        "whatif ACCOUNT --without EVENT --as-of DAY",
        "review --as-of DAY",
        "key-accounts --as-of DAY",
        "group ACCOUNT --as-of DAY",
        "experience ACCOUNT --as-of DAY",
        "policy show --as-of DAY",
        "policy list",
        "token list",
        "verify",
        "export",
        "export --archive",
    ];
    let history = pair.alone.run(["history", ACCOUNT, "--json"]).json();
    let event = history["entries"][9]["position"].to_string();
    for question in questions {
        let question = question.replace("DAY", DAY).replace("ACCOUNT", ACCOUNT).replace("EVENT", &event);
        let said = pair.run(&question);
        assert!(said.code == Some(0) && !said.stdout.is_empty(), "{question}: {said}");
        pair.run(&format!("{question} --json"));
    }
}

#[test]
fn failures_are_told_alike() {
    let pair = Pair::of(Site::with_ledger());
    pair.write("bad.json", "{\"specversion\":");
    pair.write("bad.toml", "x = 1\n");
    pair.write("there", "");
    let failures = [
        ("show nobody", 1),
        ("show nobody --json --lang zh", 1),
        ("show", 2),
        ("accounts --as-of yesterday", 2),
        ("frobnicate", 2),
        ("append bad.json", 1),
        ("append missing.json", 1),
        ("import missing.jsonl", 1),
        ("import bad.json --mapping bad.toml", 1),
        ("import bad.json --mapping missing.toml", 1),
        ("import bad.json --report there", 1),
        ("export --out there", 1),
        ("export --out no/such/folder", 1),
        ("backup --out .", 1),
        ("policy diff current missing.toml", 1),
        ("policy adopt bad.toml --reason why", 1),
        ("accounts --policy bad.toml", 1),
        ("whatif nobody --with missing.json", 1),
        ("token revoke nobody", 1),
    ];
    for (arguments, code) in failures {
        let said = pair.run(arguments);
        assert!(said.code == Some(code) && !said.stderr.is_empty(), "{arguments}: {said}");
    }
    pair.feed("append", "[1]").failed(1);
    assert!(pair.run("--help").succeeded().contains("serve"));
    pair.run("--version").succeeded();
}

#[test]
fn what_is_recorded_is_told_alike() {
    let pair = Pair::of(Site::with_ledger());
    let (open, first) = (opening("acme").to_string(), note("1", "acme").to_string());
    let policy = pair.alone.run(["policy", "show"]).succeeded();
    pair.write("own.toml", &policy.replacen("green_from = 70", "green_from = 75", 1));
    pair.feed("append", &open).succeeded();
    pair.feed("append - --json", &open).succeeded();
    pair.write("note.json", &first);
    pair.run("append note.json").succeeded();
    pair.feed("append", &first.replace("\"text\":\"1\"", "\"text\":\"2\"")).failed(3);
    pair.feed("append --if-match 7", &note("2", "acme").to_string()).failed(3);
    let lines = format!("{first}\nnot json\n{}\n{}\n", note("3", "acme"), note("4", "nobody"));
    pair.feed("import - --report report.jsonl", &lines).succeeded();
    pair.check_file("report.jsonl");
    pair.feed("import - --strict", &lines).failed(1);
    pair.run("rate USD CNY 7.1 --date 2026-01-01").succeeded();
    pair.run("pin acme --until 2999-12-31 --reason 重要客户 --json").succeeded();
    pair.run("industry rate steel --positives 3 --negatives 1 --reason asked").succeeded();
    pair.run("evaluate acme --finding slow").succeeded();
    pair.run("policy adopt own.toml --dry-run").succeeded();
    pair.run("policy adopt own.toml --reason tried").succeeded();
    pair.run("review --record --as-of 2026-04-01").succeeded();
    let count = |site: &Site| site.run(["verify", "--json"]).json()["events"].clone();
    assert_eq!(count(&pair.alone), count(&pair.with_server));
    pair.run("export --out events.jsonl").succeeded();
    assert_eq!(pair.served.get("/v1/accounts/acme")["events"], 4);
}

#[test]
fn names_begin_where_the_client_is() {
    let pair = Pair::of(Site::with_ledger());
    let orders = std::fs::read_to_string(northwind_orders()).unwrap();
    let mapping = std::fs::read_to_string(northwind_mapping()).unwrap();
    for site in [&pair.alone, &pair.with_server] {
        let desk = site.path().join("desk");
        std::fs::create_dir_all(desk.join("deep")).unwrap();
        std::fs::create_dir_all(site.path().join("northwind")).unwrap();
        for file in files_in(std::path::Path::new(&northwind_orders()).parent().unwrap()) {
            std::fs::copy(&file, site.path().join("northwind").join(file.file_name().unwrap())).unwrap();
        }
        std::fs::write(desk.join("orders.csv"), orders.lines().take(40).collect::<Vec<_>>().join("\n"))
            .unwrap();
        std::fs::write(desk.join("northwind.toml"), &mapping).unwrap();
    }
    let at_desk = |arguments: &str, ledger: &'static str, folder: &'static str| {
        let arguments: Vec<_> = arguments.split(' ').map(str::to_owned).collect();
        pair.check(&arguments.join(" "), |site| {
            let mut command = site.command(&arguments);
            command.current_dir(site.path().join(folder)).env("GUANXI_LEDGER", ledger).stdin(Stdio::null());
            Ran::of(command.env("GUANXI_LANG", "zh").output().unwrap())
        })
    };
    let import = "import orders.csv --mapping northwind.toml --report report.jsonl";
    at_desk(import, "../ledger", "desk").succeeded();
    at_desk("import ../orders.csv --mapping ../northwind.toml", "../../ledger", "desk/deep").succeeded();
    at_desk("import orders.csv --mapping nothing.toml", "../ledger", "desk").failed(1);
    std::fs::remove_dir_all(pair.alone.path().join("northwind")).unwrap();
    std::fs::remove_dir_all(pair.with_server.path().join("northwind")).unwrap();
    let missing = at_desk("import orders.csv --mapping northwind.toml", "../ledger", "desk").failed(1);
    assert!(missing.contains("../northwind/customers.csv"), "{missing}");
    at_desk("accounts --as-of 1996-12-31", "../ledger", "desk").succeeded();
    at_desk("policy show", "../ledger", "desk").succeeded();
    at_desk("export --out events.jsonl", "../ledger", "desk").succeeded();
    for site in [&pair.alone, &pair.with_server] {
        // Where the backup is said to be; its root is another, for persons have other pseudonyms.
        let mut command = site.command(["--ledger", "../ledger", "backup", "--out", "copy"]);
        let said = Ran::of(command.current_dir(site.path().join("desk")).output().unwrap()).succeeded();
        assert!(said.starts_with("220 events are in copy."), "{said}");
    }
    at_desk("backup --out copy", "../ledger", "desk").failed(1);
    for made in ["report.jsonl", "events.jsonl", "copy/backup.json"] {
        assert!(pair.with_server.path().join("desk").join(made).exists(), "{made}");
    }
}

#[test]
fn streams_behave_alike() {
    let site = Site::with_northwind();
    let pair = Pair::of(site);
    let scripts = [
        r#""$GUANXI" export | head -n 1; echo "${PIPESTATUS[0]}""#,
        r#""$GUANXI" accounts --as-of 1998-06-01 > /dev/full; echo $?"#,
        r#""$GUANXI" show nobody 2>&1 >/dev/null; echo $?"#,
        r#""$GUANXI" export --archive | wc -l"#,
        r#""$GUANXI" export > out.jsonl && wc -l < out.jsonl"#,
        r#"umask 077; "$GUANXI" export --out private.jsonl; stat -c %a private.jsonl"#,
        r#""$GUANXI" accounts --as-of 1998-06-01 <&- | tail -n 1"#,
        r#""$GUANXI" import <(echo '{}') /dev/stdin < /dev/null; echo $?"#,
        r#""$GUANXI" accounts --as-of 1998-06-01 --policy <("$GUANXI" policy show)"#,
        r#""$GUANXI" export --out /dev/stdout; echo $?"#,
        r#"echo '{}' > one; "$GUANXI" append < one; echo $?"#,
    ];
    for script in scripts {
        pair.check(script, |site| site.script(script));
    }
}
