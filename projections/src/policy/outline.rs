//! What the text of a policy says beside its values: on which line each field stands, and what the comment above
//! it says.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::InvalidPolicy;

/// The fields of a policy's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    fields: BTreeMap<String, Remark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Remark {
    line: usize,
    comment: Option<String>,
}

impl Outline {
    /// Reads the text; one that is not TOML has no fields. Cost: O(bytes of the text), times the lines of its
    /// longest paragraph.
    ///
    /// ```
    /// use guanxi_projections::policy::Outline;
    /// let outline = Outline::of("[score]\n# Together\n# one.\na = 0.4\nb = { c = 0.6 }\n");
    /// assert_eq!(outline.line("score.b.c"), Some(5));
    /// assert_eq!(outline.comment("score.b.c"), Some("Together one."));
    /// ```
    pub fn of(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let mut outline = Self::default();
        if let Ok(table) = DeTable::parse(text) {
            outline.read(&Reading { text, lines: &lines }, table.get_ref(), "");
        }
        outline
    }

    fn read(&mut self, reading: &Reading<'_>, table: &DeTable<'_>, path: &str) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            self.fields.insert(path.clone(), reading.remark(key.span().start));
            if let DeValue::Table(inner) = value.get_ref() {
                self.read(reading, inner, &path);
            }
        }
    }

    /// The line of a field, from 1; of the table around it where the text does not have the field itself.
    pub fn line(&self, field: &str) -> Option<usize> {
        ancestry(field).find_map(|path| self.fields.get(path)).map(|remark| remark.line)
    }

    /// The comment of a field: the nearest above it in its paragraph, else that of the table around it.
    pub fn comment(&self, field: &str) -> Option<&str> {
        ancestry(field).find_map(|path| self.fields.get(path)?.comment.as_deref())
    }
}

/// The field, then what it is in, from the inside.
fn ancestry(field: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(field), |path| path.rfind(['.', '[']).and_then(|end| path.get(..end)))
}

struct Reading<'t> {
    text: &'t str,
    lines: &'t [&'t str],
}

impl Reading<'_> {
    fn remark(&self, at: usize) -> Remark {
        let line = line_at(self.text, at);
        Remark { line, comment: self.comment_above(line) }
    }

    /// The comment in the paragraph above a line: a blank line or the head of a table ends it.
    fn comment_above(&self, line: usize) -> Option<String> {
        let above = self.lines.get(..line.saturating_sub(1))?.iter().rev();
        let in_paragraph = above.take_while(|line| !line.is_empty() && !line.starts_with('['));
        let mut comment: Vec<&str> = in_paragraph
            .skip_while(|line| !line.starts_with('#'))
            .map_while(|line| line.strip_prefix('#'))
            .map(str::trim)
            .collect();
        comment.reverse();
        (!comment.is_empty()).then(|| comment.join(" "))
    }
}

fn line_at(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.matches('\n').count() + 1
}

impl InvalidPolicy {
    /// The line of the text that is wrong, from 1, where one can be named.
    pub fn line(&self, text: &str) -> Option<usize> {
        match self {
            Self::NotToml(_) => DeTable::parse(text).err()?.span().map(|span| line_at(text, span.start)),
            Self::Unreadable { field, .. } | Self::Refused { field, .. } => Outline::of(text).line(field),
        }
    }
}

/// The text with another number; `None` when it has none that could be replaced.
pub fn renumbered(text: &str, version: u32) -> Option<String> {
    let table = DeTable::parse(text).ok()?;
    let number: &Spanned<DeValue<'_>> = table.get_ref().get("version")?;
    let (before, after) = (text.get(..number.span().start)?, text.get(number.span().end..)?);
    Some(format!("{before}{version}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{DEFAULT_TOML, Policy};

    #[track_caller]
    fn says(field: &str, comment: &str) {
        assert_eq!(Outline::of(DEFAULT_TOML).comment(field), Some(comment), "{field}");
    }

    #[test]
    fn a_field_has_the_comment_above_it() {
        says("rhythm.orders.alpha_days", "Scale of that prior: the days that the prior has already watched.");
        says("rhythm.orders.b", "Prior of leaving after an occasion: a / (a + b).");
        says("health.weights.service", "Weights of the dimensions; together 1.");
        says("health.integrity.prior.mu", "守正 integrity: whether we keep our promises.");
        says(
            "stage.trend.half_lives_days[1]",
            "The fast half-life is the first of these at which the decayed number of order days is high enough.",
        );
    }

    #[test]
    fn every_field_of_the_default_policy_has_a_line_and_most_a_comment() {
        let outline = Outline::of(DEFAULT_TOML);
        let line = outline.line("health.benefit.project_partial").unwrap();
        assert_eq!(DEFAULT_TOML.lines().nth(line - 1), Some("project_partial = 0.5"));
        assert!(outline.comment("interaction.defaults.meeting.held.scene").is_none());
    }

    #[test]
    fn a_refusal_has_a_line() {
        #[track_caller]
        fn check(from: &str, to: &str, at: &str) {
            let text = DEFAULT_TOML.replacen(from, to, 1);
            let line = Policy::from_toml(&text).unwrap_err().line(&text).unwrap();
            assert_eq!(text.lines().nth(line - 1), Some(at));
        }
        check("epsilon = 0.05", "epsilon = nan", "epsilon = nan");
        check("epsilon = 0.05", "epsilom = 0.05", "epsilom = 0.05");
        check("epsilon = 0.05", "", "[stage.trend]");
        check("half_lives_days = [90, 180, 360]", "half_lives_days = [90, 80]", "half_lives_days = [90, 80]");
        check("epsilon = 0.05", "epsilon = = 0.05", "epsilon = = 0.05");
    }

    #[test]
    fn a_text_takes_another_number_and_keeps_the_rest() {
        let text = renumbered(DEFAULT_TOML, 7).unwrap();
        assert_eq!(
            text.lines().filter(|line| !DEFAULT_TOML.contains(line)).collect::<Vec<_>>(),
            ["version = 7"]
        );
        assert_eq!(Policy::from_toml(&text).unwrap(), Policy { version: 7, ..Policy::default_policy() });
        assert_eq!(renumbered("x = 1", 2), None);
    }
}
