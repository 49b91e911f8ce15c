//! Shapes of judgements, version 1.

use guanxi_projections::event::assessment as live;
use guanxi_projections::event::payload::Ratio;
use guanxi_projections::form::{Note, Person, Sealed};
use guanxi_projections::id::Criterion;
use guanxi_projections::money::Money;
use guanxi_projections::text::Label;
use guanxi_projections::time::When;

use super::shape::{frozen, nested};

frozen! {
    /// `assessment.made`.
    plain AssessmentMade of live::AssessmentMade<Sealed> {
        dimension: live::Dimension,
        value: Option<Ratio>,
        wallet: Option<Money>,
        reason: Note<Sealed>,
    }

    /// `strength.rated`.
    plain StrengthRated of live::StrengthRated {
        criterion: Criterion,
        value: Ratio,
    }

    /// Stands inside a body.
    plain Adjustment of live::Adjustment<Sealed> {
        text: Label,
        owner: Person<Sealed>,
        due: When,
    }

    /// `account.evaluated`.
    plain AccountEvaluated of live::AccountEvaluated<Sealed> {
        findings: Note<Sealed>,
        adjustments: Vec<live::Adjustment<Sealed>>,
    }

    /// `note.taken`.
    plain NoteTaken of live::NoteTaken<Sealed> {
        text: Note<Sealed>,
    }
}

nested!(Adjustment of live::Adjustment<Sealed>);
