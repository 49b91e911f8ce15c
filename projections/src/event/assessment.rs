//! Judgements: assessments, ratings, evaluations and notes.

use super::payload::{Ratio, payloads, words};
use crate::form::{Note, Person};
use crate::id::Criterion;
use crate::money::Money;
use crate::time::When;

words! {
    /// A dimension of health or of the score.
    Dimension {
        /// 互动 (health).
        Engagement = "engagement",
        /// 覆盖 (health).
        Coverage = "coverage",
        /// 守正 (health).
        Integrity = "integrity",
        /// 惠人达己 (health).
        Benefit = "benefit",
        /// 先舍后得 (health).
        Reciprocity = "reciprocity",
        /// 客户服务 (health).
        Service = "service",
        /// 销售额 (score).
        Sales = "sales",
        /// 潜力 (score).
        Potential = "potential",
        /// 示范作用 (score).
        Demonstration = "demonstration",
        /// 能赢能做 (score).
        Winnability = "winnability",
    }
}

payloads! {
    /// Payload of `assessment.made`: either a `value`, or a `wallet` for the potential.
    personal AssessmentMade {
        /// Which dimension is judged.
        dimension: Dimension,
        /// How good it is.
        value: Option<Ratio>,
        /// What the customer could spend with us in a year.
        wallet: Option<Money>,
        /// Why.
        reason: Note<F>,
    }

    /// Payload of `strength.rated`.
    plain StrengthRated {
        /// By which of the customer's criteria.
        criterion: Criterion,
        /// How strong we are by it.
        value: Ratio,
    }

    /// What an evaluation decided to change.
    personal Adjustment {
        /// What is to be done.
        text: crate::text::Label,
        /// Who does it.
        owner: Person<F>,
        /// By when; may lie in the future.
        due: When,
    }

    /// Payload of `account.evaluated`.
    personal AccountEvaluated {
        /// What was found.
        findings: Note<F>,
        /// What is to change.
        adjustments: Vec<Adjustment<F>>,
    }

    /// Payload of `note.taken`.
    personal NoteTaken {
        /// What was written down.
        text: Note<F>,
    }
}
