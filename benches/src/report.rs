//! The table: ratios, with the medians that they come from.

/// What a ratio should be.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
    /// Nothing is asked; the figure is told.
    Told,
}

impl Target {
    fn cells(self, ratio: f64) -> (String, &'static str) {
        let verdict = |met: bool| if met { "met" } else { "MISSED" };
        match self {
            Self::AtLeast(least) => (format!(">= {least:.2}"), verdict(ratio >= least)),
            Self::AtMost(most) => (format!("<= {most:.2}"), verdict(ratio <= most)),
            Self::Told => ("-".to_owned(), ""),
        }
    }
}

/// One comparison, with a measurement of either side per turn.
#[derive(Debug)]
pub struct Row {
    what: &'static str,
    yardstick: &'static str,
    unit: &'static str,
    target: Target,
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Row {
    /// A comparison that has not been measured yet.
    pub fn new(what: &'static str, yardstick: &'static str, unit: &'static str, target: Target) -> Self {
        Self { what, yardstick, unit, target, ours: Vec::new(), theirs: Vec::new() }
    }

    /// Adds what one turn gave.
    pub fn add(&mut self, ours: f64, theirs: f64) {
        self.ours.push(ours);
        self.theirs.push(theirs);
    }

    /// The ratios of the turns, ascending.
    fn ratios(&self) -> Vec<f64> {
        let pairs = self.ours.iter().zip(&self.theirs);
        let mut ratios: Vec<f64> = pairs.map(|(ours, theirs)| ours / theirs).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }

    fn cells(&self) -> [String; 8] {
        let ratios = self.ratios();
        let ratio = median(&ratios);
        let (target, verdict) = self.target.cells(ratio);
        let range = match (ratios.get(ratios.len() / 4), ratios.get(ratios.len() * 3 / 4)) {
            (Some(lower), Some(upper)) if ratios.len() > 1 => format!("{lower:.2} to {upper:.2}"),
            _ => String::new(),
        };
        [
            self.what.to_owned(),
            self.yardstick.to_owned(),
            format!("{} {}", figure(median(&self.ours)), self.unit),
            format!("{} {}", figure(median(&self.theirs)), self.unit),
            format!("{ratio:.2}"),
            range,
            target,
            verdict.to_owned(),
        ]
    }
}

/// The middle of the figures; of two middles the mean. Not a number when there are none.
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.get(middle) {
        None => f64::NAN,
        Some(upper) if sorted.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(sorted[middle - 1], *upper),
    }
}

/// The figure that a share of the figures does not exceed.
pub fn percentile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// Three significant digits or whole numbers, thousands apart.
fn figure(number: f64) -> String {
    if number < 100.0 {
        return format!("{number:.2}");
    }
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// Prints the rows as a table of text.
pub fn print(rows: &[Row]) {
    let head = ["measured", "yardstick", "ours", "yardstick's", "ratio", "middle half", "target", ""];
    let mut lines = vec![head.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 8] = std::array::from_fn(width);
    for line in &lines {
        let cells = line.iter().zip(widths).zip(0..).map(|((cell, width), column)| {
            if (2..6).contains(&column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
