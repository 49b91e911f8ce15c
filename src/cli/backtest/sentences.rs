//! A backtest in words and tables.

use guanxi_projections::backtest::{
    BacktestView, Comparison, CutoffView, Place, ScoreView, StageShare, Verdict,
};
use guanxi_projections::past::Clock;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::Zone;

use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use super::super::reasons::too_few;
use crate::words::Words;

pub(super) fn print(view: &BacktestView, words: Words, zone: Zone) -> Result<(), Failure> {
    let day = |at| zone.day_of(at).to_string();
    let says = [
        ("occasion", words.name("occasion", view.occasion.as_str()).into()),
        ("days", view.horizon_days.to_string().into()),
        ("from", day(view.span.from).into()),
        ("to", day(view.span.to).into()),
        ("clock", clock(view, words).into()),
    ];
    output::line(&words.say("backtest-title", &says))?;
    for cutoff in &view.cutoffs {
        print_cutoff(cutoff, day(cutoff.at), words)?;
    }
    let count = [("count", (view.cutoffs.len() as u64).into())];
    output::line(&format!("\n{}", words.say("backtest-mean", &count)))?;
    print_scores(&view.mean, words)?;
    output::line(&format!("\n{}", words.say("backtest-reliability", &[])))?;
    print_reliability(view, words)?;
    output::line(&format!("\n{}", words.say("backtest-stages", &[])))?;
    print_stages(&view.stages, words)?;
    output::line("")?;
    print_verdict(view, words)
}

fn clock(view: &BacktestView, words: Words) -> String {
    match view.clock {
        Clock::Occurred => {
            let known = view.coordinates.known_at.to_string();
            words.say("backtest-occurred", &[("known", known.into())])
        }
        Clock::AsKnown => words.say("backtest-as-known", &[]),
    }
}

fn print_cutoff(cutoff: &CutoffView, day: String, words: Words) -> Result<(), Failure> {
    let says = [
        ("day", day.into()),
        ("accounts", cutoff.population.to_string().into()),
        ("returned", cutoff.returned.to_string().into()),
        ("fit", fitted(cutoff, words).into()),
    ];
    output::line(&format!("\n{}", words.say("backtest-cutoff", &says)))?;
    print_scores(&cutoff.scores, words)
}

fn fitted(cutoff: &CutoffView, words: Words) -> String {
    match (&cutoff.fit, &cutoff.unfitted) {
        (Some(fitted), _) => {
            let (fit, figure) = (&fitted.fit, |figure: f64| format!("{figure:.3}").into());
            let says = [
                ("b0", figure(fit.b0)),
                ("bs", figure(fit.b_s)),
                ("bm", figure(fit.b_m)),
                ("bl", figure(fit.b_l)),
                ("rows", fitted.rows.to_string().into()),
            ];
            words.say("backtest-fit", &says)
        }
        (None, Some(few)) => words.say("backtest-unfitted-since", &[("reason", too_few(*few, words).into())]),
        (None, None) => words.say("backtest-unfitted", &[]),
    }
}

fn print_scores(scores: &[ScoreView], words: Words) -> Result<(), Failure> {
    let figure = |value: Option<f64>| or_dash(value.map(|value| format!("{value:.4}")));
    output::columns(
        words,
        &["score", "auc", "plus-minus", "brier", "plus-minus", "spearman", "lift"],
        scores.iter().map(|score| {
            let figures =
                [score.auc, score.auc_se, score.brier, score.brier_se, score.spearman, score.lift10];
            std::iter::once(words.name_if_known("competitor", score.name))
                .chain(figures.map(figure))
                .collect()
        }),
    )
}

fn print_reliability(view: &BacktestView, words: Words) -> Result<(), Failure> {
    let share = |value: f64| format!("{:.1} %", 100.0 * value);
    output::columns(
        words,
        &["foretold", "came", "plus-minus", "accounts", "from", "to"],
        view.reliability.iter().map(|decile| {
            vec![
                share(decile.foretold),
                share(decile.observed),
                share(decile.standard_error),
                decile.accounts.to_string(),
                share(decile.from),
                share(decile.to),
            ]
        }),
    )
}

fn print_stages(stages: &[StageShare], words: Words) -> Result<(), Failure> {
    output::columns(
        words,
        &["stage", "accounts", "returned", "share"],
        stages.iter().map(|stage| {
            vec![
                words.name("stage", stage.stage.as_str()),
                stage.accounts.to_string(),
                stage.returned.to_string(),
                or_dash(stage.share.map(|share| format!("{:.1} %", 100.0 * share))),
            ]
        }),
    )
}

/// What to make of it: the outlook against each competitor, and the order of the stages.
fn print_verdict(view: &BacktestView, words: Words) -> Result<(), Failure> {
    let Verdict { against, stages_in_order, .. } = &view.verdict;
    for comparison in against {
        let score = view.mean.iter().find(|score| score.name == comparison.name);
        output::line(&compared(comparison, score, words))?;
    }
    let share = |stage: Stage| {
        let of_stage = view.stages.iter().find(|share| share.stage == stage);
        let share = of_stage.and_then(|share| share.share).map(|share| format!("{:.1} %", 100.0 * share));
        let share = share.unwrap_or_else(|| words.say("backtest-none", &[]));
        let stage = words.name("stage", stage.as_str());
        words.say("backtest-share", &[("stage", stage.into()), ("share", share.into())])
    };
    let shares = words.list([Stage::Maturity, Stage::Decline, Stage::Churn].map(share));
    let id = match stages_in_order {
        Some(true) => "backtest-in-order",
        Some(false) => "backtest-out-of-order",
        None => "backtest-incomplete",
    };
    output::line(&words.say(id, &[("shares", shares.into())]))
}

fn compared(comparison: &Comparison, score: Option<&ScoreView>, words: Words) -> String {
    let leads = score.and_then(|score| score.leads);
    let lead = |lead: Option<f64>, error: Option<f64>| match lead.zip(error) {
        Some((lead, error)) => {
            let says = [("lead", format!("{lead:+.4}").into()), ("error", format!("{error:.4}").into())];
            words.say("backtest-lead", &says)
        }
        None => words.say("backtest-unknown", &[]),
    };
    let says = [
        ("name", words.name_if_known("competitor", comparison.name).into()),
        ("ranking", place(comparison.auc, words).into()),
        ("auc", lead(leads.and_then(|leads| leads.auc), leads.and_then(|leads| leads.auc_se)).into()),
        ("probability", place(comparison.brier, words).into()),
        ("brier", lead(leads.and_then(|leads| leads.brier), leads.and_then(|leads| leads.brier_se)).into()),
    ];
    words.say("backtest-against", &says)
}

fn place(place: Place, words: Words) -> String {
    let word = match place {
        Place::Ahead => "ahead",
        Place::Level => "level",
        Place::Behind => "behind",
        Place::Unknown => "unknown",
    };
    words.name("place", word)
}
