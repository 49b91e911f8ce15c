//! Rust sources as the checks see them: code without comments and texts, the paths that it names, and the files
//! that `mod` lines reach.

use std::path::{Path, PathBuf};

use super::{read, root};

/// One file that a `mod` line reaches.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Where it stands in its crate: `["log", "append"]`; empty for the crate's own file.
    pub(super) module: Vec<String>,
    /// Whether it is compiled for tests alone.
    pub(super) test: bool,
    /// Without comments, texts, and modules inside that are compiled for tests alone.
    pub(super) code: String,
}

impl Source {
    pub(super) fn of(path: impl Into<PathBuf>, module: &[&str], text: &str) -> Self {
        let module = module.iter().map(|name| (*name).to_owned()).collect();
        Self { path: path.into(), module, test: false, code: without_test_modules(&code(text)) }
    }

    /// The paths that the code names, each with its module's words in full: `super::x` becomes `crate::..::x`.
    pub(super) fn names(&self) -> Vec<Vec<String>> {
        let mut names = paths(&self.code);
        for name in &mut names {
            let up = name.iter().take_while(|word| *word == "super").count();
            if up > 0 && up <= self.module.len() {
                let here = self.module.iter().take(self.module.len() - up).cloned();
                let absolute = std::iter::once("crate".to_owned()).chain(here);
                *name = absolute.chain(name.iter().skip(up).cloned()).collect();
            }
        }
        names
    }
}

/// Every file that the `mod` lines of a crate reach from its first file on.
pub(super) fn reachable(first: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut waiting = vec![(PathBuf::from(first), Vec::new(), false)];
    while let Some((path, module, test)) = waiting.pop() {
        let whole = code(&read(&path));
        let beside = if module.is_empty() { path.parent().map(Path::to_owned) } else { None };
        let folder = beside.unwrap_or_else(|| path.with_extension(""));
        for (name, test_only) in mod_lines(&whole) {
            let child = folder.join(format!("{name}.rs"));
            let mut names: Vec<String> = module.clone();
            names.push(name);
            if root().join(&child).is_file() {
                waiting.push((child, names, test || test_only));
            }
        }
        let code = if test { whole } else { without_test_modules(&whole) };
        sources.push(Source { path, module, test, code });
    }
    sources
}

/// The modules that code declares in files of their own, and whether each is compiled for tests alone.
pub(super) fn mod_lines(code: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut test_only = false;
    for line in code.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("#[") && !line.contains(';') {
            test_only |= line.contains("cfg(test)");
            continue;
        }
        let declared = line.strip_suffix(';').and_then(|line| line.split_once("mod "));
        if let Some((before, name)) = declared
            && (before.is_empty() || before.starts_with("pub"))
        {
            found.push((name.to_owned(), test_only));
        }
        test_only = false;
    }
    found
}

/// Blanks out comments and what stands in quotes; keeps the lines.
pub(super) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = skipped(rest, code.chars().last());
        if skipped > 0 {
            let (hidden, after) = rest.split_at(skipped);
            code.push(' ');
            code.extend(hidden.chars().filter(|c| *c == '\n'));
            rest = after;
        } else {
            code.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    code
}

/// How many bytes at the front are a comment or a quoted text; `before` is what stands in front of them.
fn skipped(rest: &str, before: Option<char>) -> usize {
    let until =
        |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until("*/", 2);
    }
    if !in_word && (rest.starts_with("r\"") || rest.starts_with("r#")) {
        let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
        if rest[1 + hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), 2 + hashes);
        }
    }
    if let Some(inside) = rest.strip_prefix('"') {
        return 1 + quoted(inside, '"');
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        let character = inside.starts_with('\\') || inside.chars().nth(1) == Some('\'');
        return if character { 1 + quoted(inside, '\'') } else { 0 };
    }
    0
}

/// How many bytes up to and with the closing quote.
fn quoted(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if c == quote && !escaped {
            return at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    inside.len()
}

/// Cuts modules out that stand in braces behind `#[cfg(test)]`.
fn without_test_modules(code: &str) -> String {
    let Some((before, rest)) = code.split_once("#[cfg(test)]") else { return code.to_owned() };
    let item = rest.trim_start();
    if !item.starts_with("mod ") || item.find('{').is_none_or(|brace| item[..brace].contains(';')) {
        return format!("{before}#[cfg(test) ]{}", without_test_modules(rest));
    }
    let mut depth = 0_i32;
    let end = item.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '{') - i32::from(*c == '}');
        depth == 0 && *c == '}'
    });
    let after = end.map_or("", |(at, _)| &item[at + 1..]);
    format!("{before}{}", without_test_modules(after))
}

/// Every path that code names, the branches of `use a::{b, c}` written out. A path is found with each of its
/// beginnings.
pub(super) fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut prefixes: Vec<Vec<String>> = Vec::new();
    let mut current: Vec<String> = Vec::new();
    let mut joined = false;
    let mut rest = code;
    while let Some(next) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if word > 0 {
            if !joined {
                current = prefixes.last().cloned().unwrap_or_default();
            }
            current.push(rest[..word].to_owned());
            found.push(current.clone());
            joined = false;
            rest = &rest[word..];
            continue;
        }
        if let Some(after) = rest.strip_prefix("::") {
            joined = true;
            rest = after;
            continue;
        }
        match next {
            '{' => prefixes.push(if joined { current.clone() } else { Vec::new() }),
            '}' => drop(prefixes.pop()),
            _ => {}
        }
        joined &= next.is_whitespace();
        rest = &rest[next.len_utf8()..];
    }
    found
}

#[test]
fn comments_and_texts_are_not_code() {
    let text = "a // b\nc /* d\n */ e \"f \\\" g\" 'h' '\\'' r#\"i \" j\"# k<'l>";
    let seen: Vec<_> = paths(&code(text)).into_iter().flatten().collect();
    assert_eq!(seen, ["a", "c", "e", "k", "l"]);
}

#[test]
fn branches_of_a_use_are_written_out() {
    let found = paths("use std::{fs, io::{self, Read}}; fn f() { g::h(); i }");
    let found: Vec<_> = found.iter().map(|path| path.join("::")).collect();
    for path in ["std::fs", "std::io", "std::io::Read", "g::h", "i"] {
        assert!(found.iter().any(|have| have == path), "{path} in {found:?}");
    }
    assert!(!found.iter().any(|path| path == "std::io::g"), "{found:?}");
}

#[test]
fn mod_lines_say_what_is_for_tests_alone() {
    let lines = mod_lines("pub(crate) mod a;\n#[cfg(test)]\nmod b;\nmod c { }\npub mod d;");
    let expected = [("a", false), ("b", true), ("d", false)];
    assert_eq!(lines, expected.map(|(name, test)| (name.to_owned(), test)));
}

#[test]
fn modules_for_tests_are_cut_out() {
    let code = without_test_modules("a #[cfg(test)] mod t { b { c } } d #[cfg(test)] mod e; f");
    let words: Vec<_> = paths(&code).into_iter().flatten().collect();
    assert!(words.iter().all(|word| !["b", "c"].contains(&word.as_str())), "{words:?}");
    assert!(["a", "d", "f"].iter().all(|kept| words.iter().any(|word| word == kept)), "{words:?}");
}
