//! The compact forms of what happened. A new field does not compile until it is told here.

use super::{Coded, Reader};
use crate::event::account::{AccountOpened, AccountUpdated};
use crate::event::plan::{Objective, PlanSet};
use crate::fact::{Adjustment, Contract, Hospitality, Matter, Meeting, NamedAs, Opportunity, Party, Plan};

macro_rules! structs {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl Coded for $name {
            fn write(&self, into: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($field.write(into);)+
            }
            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Some(Self { $($field: Coded::read(from)?),+ })
            }
        }
    )+};
}

structs! {
    AccountOpened { name, industry, region, segment, size, parent, traits, criteria }
    AccountUpdated { name, industry, region, segment, size, parent, traits, criteria }
    Meeting { channel, two_way, minutes, parties }
    Party { person, named_as }
    Opportunity { opportunity, amount, expected_close, project }
    Contract { contract, amount, starts, expires, bid }
    Hospitality { value, persons, approval }
    Plan { plan, objectives, said }
    PlanSet { plan, objectives, budget, horizon }
    Objective { objective, measure, target, due }
    Adjustment { text, owner, due }
}

macro_rules! tagged {
    ($name:ident: $($tag:literal $variant:ident $({ $($field:ident),+ })? $(($inner:ident))?;)+) => {
        impl Coded for $name {
            fn write(&self, into: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $({ $($field),+ })? $(($inner))? => {
                        into.push($tag);
                        $($($field.write(into);)+)?
                        $($inner.write(into);)?
                    })+
                }
            }
            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Some(match from.byte()? {
                    $($tag => {
                        $(let $inner = Coded::read(from)?;)?
                        Self::$variant $({ $($field: Coded::read(from)?),+ })? $(($inner))?
                    })+
                    _ => return None,
                })
            }
        }
    };
}

tagged! { Matter:
    0 AccountOpened(opened);
    1 AccountUpdated(updated);
    2 AccountMerged { into };
    3 AccountClosed;
    4 AccountReopened;
    5 ContactAdded { contact, side, role };
    6 ContactChanged { contact, side, role };
    7 ContactLeft { contact };
    8 TeamAssigned { person, role };
    9 TeamReleased { person, role };
    10 MeetingHeld(meeting);
    11 MeetingPlanned(meeting);
    12 NeedStated { need };
    13 ProjectOpened { project };
    14 ProjectClosed { project, outcome };
    15 OpportunityOpened(opened);
    16 OpportunityDropped { opportunity };
    17 BidSubmitted { bid, opportunity, amount, project };
    18 BidWon { bid, amount };
    19 BidLost { bid };
    20 ContractSigned(signed);
    21 OrderPlaced { order, amount, bid, contract, project };
    22 OrderReturned { order, amount };
    23 InvoiceIssued { invoice, amount, due, order };
    24 PaymentReceived { invoice, amount, due };
    25 DeliveryCompleted { delivery, order, due, outcome, project };
    26 ConcessionGranted { concession, by, form, cost, bid };
    27 HospitalityGiven(given);
    28 CommitmentMade { commitment, by, due, critical };
    29 CommitmentMoved { commitment, due };
    30 CommitmentKept { commitment };
    31 CommitmentBroken { commitment };
    32 BenefitConfirmed { value, contact };
    33 FeedbackGiven { csat, nps, contact };
    34 FavourReceived { form };
    35 IssueRaised { issue, severity, due, project };
    36 IssueResolved { issue };
    37 IssueReopened { issue };
    38 ReferenceGiven { form, led_to };
    39 EffortSpent { person, hours, cost };
    40 PlanSet(plan);
    41 PlanProgressed { objective, value };
    42 AssessmentMade { dimension, value, wallet };
    43 StrengthRated { criterion, value };
    44 AccountEvaluated { adjustments };
    45 NoteTaken;
}

impl Coded for NamedAs {
    fn write(&self, into: &mut Vec<u8>) {
        into.push(match self {
            Self::Ours => 0,
            Self::Customer => 1,
            Self::ThirdParty => 2,
        });
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(Self::Ours),
            1 => Some(Self::Customer),
            2 => Some(Self::ThirdParty),
            _ => None,
        }
    }
}
