//! A backtest as a picture: what was foretold against what came, and the scores side by side. Plain SVG 1.1, no
//! script, no font that must be there.

use std::fmt::Write as _;

use super::reliability::Decile;
use super::{BacktestView, ScoreView};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 440.0;
/// Both panels are squares of this side.
const SIDE: f64 = 320.0;
const TOP: f64 = 60.0;
const LEFT: f64 = 60.0;
/// Where the right panel begins.
const RIGHT: f64 = 550.0;
/// The bars begin at an AUC of .5: a coin.
const COIN: f64 = 0.5;

/// Draws reliability and AUC. The same backtest gives the same bytes.
pub fn svg(view: &BacktestView) -> String {
    let mut picture = Picture::new();
    picture.text(
        (LEFT, 24.0),
        "title",
        &format!("Will an account {} within {} days?", view.occasion.verb(), view.horizon_days),
    );
    let cutoffs = view.cutoffs.len();
    let accounts = view.cutoffs.iter().map(|cutoff| cutoff.population).sum::<usize>();
    let plural = if cutoffs == 1 { "cut-off" } else { "cut-offs" };
    picture.text((LEFT, 44.0), "note", &format!("{accounts} forecasts at {cutoffs} {plural}"));
    reliability(&mut picture, &view.reliability);
    bars(&mut picture, &view.mean);
    picture.end()
}

fn reliability(picture: &mut Picture, deciles: &[Decile]) {
    let x = |share: f64| LEFT + SIDE * share.clamp(0.0, 1.0);
    let y = |share: f64| TOP + SIDE * (1.0 - share.clamp(0.0, 1.0));
    for tenth in [0.0, 0.25, 0.5, 0.75, 1.0] {
        picture.line((x(tenth), y(0.0)), (x(tenth), y(1.0)), "grid");
        picture.line((x(0.0), y(tenth)), (x(1.0), y(tenth)), "grid");
        picture.text((x(tenth) - 8.0, y(0.0) + 18.0), "note", &format!("{tenth:.2}"));
        picture.text((x(0.0) - 34.0, y(tenth) + 4.0), "note", &format!("{tenth:.2}"));
    }
    picture.line((x(0.0), y(0.0)), (x(1.0), y(1.0)), "right");
    for decile in deciles {
        let Decile { foretold, observed, standard_error, .. } = *decile;
        let reach = 2.0 * standard_error;
        picture.line((x(foretold), y(observed - reach)), (x(foretold), y(observed + reach)), "error");
        picture.circle((x(foretold), y(observed)));
    }
    picture.text(
        (LEFT, TOP + SIDE + 38.0),
        "note",
        "foretold by the outlook, by tenths of the accounts; upwards: came",
    );
}

fn bars(picture: &mut Picture, mean: &[ScoreView]) {
    let scored: Vec<(&ScoreView, f64)> =
        mean.iter().filter_map(|score| score.auc.map(|auc| (score, auc))).collect();
    let step = SIDE / scored.len().max(1) as f64;
    let x = |auc: f64| RIGHT + SIDE * ((auc - COIN) / (1.0 - COIN)).clamp(0.0, 1.0);
    for auc in [0.5, 0.6, 0.7, 0.8, 0.9, 1.0] {
        picture.line((x(auc), TOP), (x(auc), TOP + SIDE), "grid");
        picture.text((x(auc) - 6.0, TOP + SIDE + 18.0), "note", &format!("{auc:.1}"));
    }
    for (place, (score, auc)) in scored.iter().enumerate() {
        let top = TOP + step * place as f64 + step * 0.2;
        let middle = top + step * 0.3;
        let class = if place == 0 { "ours" } else { "bar" };
        picture.rectangle((RIGHT, top), (x(*auc) - RIGHT, step * 0.6), class);
        if let Some(error) = score.auc_se {
            picture.line((x(auc - 2.0 * error), middle), (x(auc + 2.0 * error), middle), "error");
        }
        picture.text((RIGHT - 78.0, middle + 4.0), "note", score.name);
        picture.text((RIGHT + SIDE + 8.0, middle + 4.0), "note", &format!("{auc:.3}"));
    }
    picture.text(
        (RIGHT, TOP + SIDE + 38.0),
        "note",
        "AUC, mean over the cut-offs; lines: two standard errors",
    );
}

struct Picture(String);

impl Picture {
    fn new() -> Self {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
             height=\"{HEIGHT}\" role=\"img\">\n"
        );
        svg.push_str(
            "<style>text{font-family:sans-serif;fill:#222}.title{font-size:16px}.note{font-size:12px}\
             .grid{stroke:#ddd}.right{stroke:#999;stroke-dasharray:4 3}.error{stroke:#222}\
             circle,.ours{fill:#b3412e}.bar{fill:#8aa1b5}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        );
        Self(svg)
    }

    fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        let _ = writeln!(
            self.0,
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>"
        );
    }

    fn circle(&mut self, (x, y): (f64, f64)) {
        let _ = writeln!(self.0, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>");
    }

    fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str) {
        let _ = writeln!(
            self.0,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" class=\"{class}\"/>"
        );
    }

    /// Texts here are the program's own words and numbers: nothing needs escaping.
    fn text(&mut self, (x, y): (f64, f64), class: &str, text: &str) {
        let _ = writeln!(self.0, "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{text}</text>");
    }

    fn end(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }
}
