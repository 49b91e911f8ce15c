//! Every list: read from an image of a revised stream, from a stream that never was revised, and from a copy of a
//! half-told state.

use guanxi_projections::adjustments::Adjustments;
use guanxi_projections::balance::Balance;
use guanxi_projections::bids::Bids;
use guanxi_projections::commitments::Commitments;
use guanxi_projections::concessions::Concessions;
use guanxi_projections::contacts::Contacts;
use guanxi_projections::contracts::Contracts;
use guanxi_projections::deliveries::Deliveries;
use guanxi_projections::fact::Fact;
use guanxi_projections::hospitality::Hospitalities;
use guanxi_projections::image::Image;
use guanxi_projections::issues::Issues;
use guanxi_projections::list::List;
use guanxi_projections::plan::Plans;
use guanxi_projections::process::Process;
use guanxi_projections::projection::Projection;
use guanxi_projections::projects::{Needs, Projects};
use guanxi_projections::receivables::Receivables;
use guanxi_projections::team::Team;
use guanxi_projections::time::Timestamp;
use guanxi_projections::value::Value;

use super::beside::Beside;

/// The lines of every list at (T, K), as JSON.
pub(crate) fn all(beside: &Beside, image: &Image, as_of: Timestamp, known_at: Timestamp) -> Vec<String> {
    let lines = |list: List| list.fold(beside.setting(image), image, as_of, known_at);
    List::ALL.map(|list| serde_json::to_string(&lines(list)).unwrap()).into()
}

/// Folds facts in one go, and by a copy of the state after the first `split` of them.
#[track_caller]
fn split<P: Projection<View: PartialEq + std::fmt::Debug> + Clone>(
    fresh: &P,
    (facts, split): (&[Fact], usize),
    as_of: Timestamp,
) {
    let mut whole = fresh.clone();
    for fact in facts {
        whole.apply(fact);
    }
    let mut head = fresh.clone();
    for fact in &facts[..split] {
        head.apply(fact);
    }
    let mut tail = head.clone();
    drop(head);
    for fact in &facts[split..] {
        tail.apply(fact);
    }
    assert_eq!(tail.evaluate(as_of), whole.evaluate(as_of));
}

/// Splits every list at the same place.
#[track_caller]
pub(super) fn split_all(beside: &Beside, image: &Image, at: (&[Fact], usize), as_of: Timestamp) {
    let setting = beside.setting(image);
    split::<Adjustments<'_>>(&Adjustments::new(setting), at, as_of);
    split::<Balance<'_>>(&Balance::new(setting), at, as_of);
    split::<Bids<'_>>(&Bids::new(setting), at, as_of);
    split::<Commitments<'_>>(&Commitments::new(setting), at, as_of);
    split::<Concessions<'_>>(&Concessions::new(setting), at, as_of);
    split::<Contacts<'_>>(&Contacts::new(setting), at, as_of);
    split::<Contracts<'_>>(&Contracts::new(setting), at, as_of);
    split::<Deliveries<'_>>(&Deliveries::new(setting), at, as_of);
    split::<Hospitalities<'_>>(&Hospitalities::new(setting), at, as_of);
    split::<Issues<'_>>(&Issues::new(setting), at, as_of);
    split::<Needs<'_>>(&Needs::new(setting), at, as_of);
    split::<Plans<'_>>(&Plans::new(setting), at, as_of);
    split::<Process>(&Process::default(), at, as_of);
    split::<Projects<'_>>(&Projects::new(setting), at, as_of);
    split::<Receivables<'_>>(&Receivables::new(setting), at, as_of);
    split::<Team<'_>>(&Team::new(setting), at, as_of);
    split::<Value<'_>>(&Value::new(setting), at, as_of);
}
