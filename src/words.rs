//! Words for people: sentences and names, in English and in Chinese.
//!
//! A message has an id and arguments; what it says in a language stands in `words/en/*.ftl` and `words/zh/*.ftl`,
//! in the syntax of Project Fluent, so that a translator needs no Rust. This room knows no answer and no figure: it
//! is given numbers and days that are written out already, except where a language's grammar asks how many.
//!
//! Rejected: sentences in code, one branch a language. A reader of Chinese could not check them in one place.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;
use unicode_width::UnicodeWidthStr as _;

/// A language that answers can be read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

/// What stands for something in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// Said as it is.
    Text(String),
    /// Said as it is, where the grammar may ask how many.
    Count(u64),
}

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    language: Language,
    bundle: &'static Bundle,
}

/// The files of English.
const ENGLISH_FILES: [&str; 10] = [
    include_str!("words/en/alerts.ftl"),
    include_str!("words/en/columns.ftl"),
    include_str!("words/en/lists.ftl"),
    include_str!("words/en/names.ftl"),
    include_str!("words/en/policy.ftl"),
    include_str!("words/en/portfolio.ftl"),
    include_str!("words/en/proof.ftl"),
    include_str!("words/en/reasons.ftl"),
    include_str!("words/en/review.ftl"),
    include_str!("words/en/show.ftl"),
];
/// The files of Chinese.
const CHINESE_FILES: [&str; 10] = [
    include_str!("words/zh/alerts.ftl"),
    include_str!("words/zh/columns.ftl"),
    include_str!("words/zh/lists.ftl"),
    include_str!("words/zh/names.ftl"),
    include_str!("words/zh/policy.ftl"),
    include_str!("words/zh/portfolio.ftl"),
    include_str!("words/zh/proof.ftl"),
    include_str!("words/zh/reasons.ftl"),
    include_str!("words/zh/review.ftl"),
    include_str!("words/zh/show.ftl"),
];

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English, &ENGLISH_FILES));
static CHINESE: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Chinese, &CHINESE_FILES));

type Bundle = FluentBundle<FluentResource>;

/// What cannot be read of a file is left out; tests read every message.
fn bundle(language: Language, files: &[&str]) -> Bundle {
    let language: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks that would keep mixed directions of writing apart are noise in a terminal, and no language here
    // is written from the right.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let added = bundle.add_resource(resource);
        debug_assert!(added.is_ok(), "a message stands twice: {added:?}");
    }
    bundle
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The name in options, such as `zh`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> Self {
        let bundle = match language {
            Language::English => &*ENGLISH,
            Language::Chinese => &*CHINESE,
        };
        Self { language, bundle }
    }

    /// Which language they are of.
    pub fn language(self) -> Language {
        self.language
    }

    /// What a message says with these arguments. One that the language lacks is said in English; an unknown one by
    /// its id, so that nothing is ever said by silence.
    pub fn say(self, id: &str, arguments: &[(&str, Word)]) -> String {
        let mut given = FluentArgs::new();
        for (name, word) in arguments {
            given.set(*name, word.clone().into_value());
        }
        let said = |bundle: &Bundle| {
            let pattern = bundle.get_message(id)?.value()?;
            Some(bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned())
        };
        said(self.bundle).or_else(|| said(&ENGLISH)).unwrap_or_else(|| id.to_owned())
    }

    /// The name of one of the field's words, such as the stage `growth`: the message `<kind>-<word>`.
    pub fn name(self, kind: &str, word: &str) -> String {
        let id = format!("{kind}-{}", word.replace('_', "-"));
        self.say(&id, &[])
    }

    /// The name of a word, where it is one of the field's: else it is somebody's own, and said as it is.
    pub fn name_if_known(self, kind: &str, word: &str) -> String {
        let id = format!("{kind}-{}", word.replace('_', "-"));
        if self.bundle.has_message(&id) { self.say(&id, &[]) } else { word.to_owned() }
    }

    /// The heads of columns: the messages `column-<name>`.
    pub fn columns(self, columns: &[&str]) -> Vec<String> {
        columns.iter().map(|column| self.name("column", column)).collect()
    }

    /// Items in a row, as the language lists them.
    pub fn list(self, items: impl IntoIterator<Item = String>) -> String {
        let between = match self.language {
            Language::English => ", ",
            Language::Chinese => "、",
        };
        items.into_iter().collect::<Vec<_>>().join(between)
    }
}

/// Text filled up with blanks to `columns` of a terminal, where a Chinese character takes two.
pub fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

impl Word {
    fn into_value(self) -> FluentValue<'static> {
        match self {
            Self::Text(text) => FluentValue::from(text),
            Self::Count(count) => FluentValue::from(count),
        }
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Word {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
