//! What the portfolio reads of one account.

use crate::account::AccountView;
use crate::alerts::Watch;
use crate::commitments::{CommitmentLine, CommitmentState, Commitments};
use crate::evaluation::{Weight, Yardstick};
use crate::event::assessment::Dimension;
use crate::event::payload::Side;
use crate::fact::EventRef;
use crate::group::{Summing, Sums};
use crate::id::AccountId;
use crate::image::Image;
use crate::projection::Projection as _;
use crate::setting::Setting;
use crate::team::{Team, TeamLine};
use crate::time::Timestamp;
use crate::value::{Value, ValueKind, ValueLine};

/// One account beside the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The account's view.
    pub view: AccountView,
    /// Whether it may be a key account: neither closed nor merged away.
    pub eligible: bool,
    /// When it is to be evaluated next; `None` while it is not eligible.
    pub next_evaluation: Option<Timestamp>,
    /// Importance and effort.
    pub weight: Weight,
    /// M365: the faded amount ordered and not returned.
    pub money: f64,
    /// What we gained, faded.
    pub gain: f64,
    /// Effort, and the value against it.
    pub value: Vec<ValueLine>,
    /// What it adds to its group.
    pub sums: Sums,
    /// Who does what.
    pub team: Vec<TeamLine>,
    /// Our promises that are not closed.
    pub promises: Vec<CommitmentLine>,
    /// The last order.
    pub last_order: Option<EventRef>,
    /// The last event that each dimension of health read, in the order of [`Dimension::ALL`].
    pub heard: [Option<EventRef>; 6],
}

impl Standing {
    /// Folds an account; `None` when nothing of it is in the effective history. Cost: O(its events).
    pub fn of(
        account: &AccountId,
        image: &Image,
        setting: Setting<'_>,
        yardstick: Option<&Yardstick>,
        (as_of, known_at): (Timestamp, Timestamp),
    ) -> Option<Self> {
        let mut watch = Watch::new(account.clone(), setting);
        let (mut value, mut team) = (Value::new(setting), Team::new(setting));
        let mut commitments = Commitments::<f64>::new(setting);
        let mut summing = Summing::new(setting);
        image.visit(as_of, known_at, |fact| {
            watch.apply(fact);
            value.apply(fact);
            team.apply(fact);
            commitments.apply(fact);
            summing.apply(fact);
        });
        let view = watch.evaluate(as_of);
        let open = |line: &CommitmentLine| {
            line.by == Side::Us && matches!(line.state, CommitmentState::Open | CommitmentState::Overdue)
        };
        let mut promises = commitments.evaluate(as_of);
        promises.retain(open);
        let health = Dimension::ALL.iter().copied().take(6);
        let mut heard = [None; 6];
        heard.iter_mut().zip(health).for_each(|(heard, dimension)| *heard = watch.last_heard(dimension));
        (view.events > 0).then(|| Self {
            eligible: watch.is_eligible(),
            next_evaluation: watch.next_evaluation(&view, yardstick),
            weight: watch.weight_with(view.figures.score.value, as_of),
            money: watch.money(as_of),
            gain: watch.gain(as_of),
            value: value.evaluate(as_of),
            sums: summing.evaluate(as_of),
            team: team.evaluate(as_of),
            promises,
            last_order: watch.last_order(),
            heard,
            view,
        })
    }

    /// All of one kind of effort or value.
    pub(super) fn whole(&self, kind: ValueKind) -> f64 {
        self.value.iter().find(|line| line.kind == kind).map_or(0.0, |line| line.whole)
    }
}
