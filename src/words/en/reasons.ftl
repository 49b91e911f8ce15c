# Reasons: `guanxi explain`, `diff` and `whatif`.

reason-event = { $event } on { $day } (position { $position })
reason-event-said = { $named }: { $said }
reason-rest = { $events ->
    [one] one other event
   *[other] { $events } other events together
}
reason-moved = { $measure }: { $from } -> { $to } ({ $change })
reason-turned = { $what }: { $from } -> { $to }

explain-value = The { $measure } of { $name } on { $day } is { $value }. Before any event counts it is { $baseline }.
explain-no-outlook = There is no outlook for { $name }: it has not ordered yet.
explain-nothing = No event moves it.
explain-lifted = What lifts it most:
explain-lowered = What lowers it most:
explain-through = { $event }, through { $dimensions }
explain-dimensions = By dimension: { $shares }.
explain-terms = Potential begins where experience with such accounts puts it, in log odds: { $terms }.

explain-stage = { $name } has been in { $stage } since { $day }, by { $cause }.
explain-stage-flags = Remarks: { $flags }.
explain-stage-was = { $day }: { $from } -> { $to }, by { $cause }; behind it is { $event }
explain-stage-now = What decides now: { $causes }.
explain-stage-dates = Without an order: { $dates }.
explain-stage-next = Next: { $next }.

diff-title = { $name } from { $from } (as known at { $known_from }) to { $to } (as known at { $known_to })
diff-turned = { $moved }, by { $causes }

class-policy = another policy
class-epoch = what is measured over the whole portfolio
class-key-list = the key list
class-faded = time went by
class-corrected = corrected or taken back
class-late = recorded late
class-new = new
part-anchors = anchors
part-calibration = calibration
part-rates = rates of exchange

whatif-title = { $name } as of { $as_of }: { $changes }
whatif-without = without the event at position { $position }
whatif-with = with { $event } on { $day }
whatif-same = no figure changes
whatif-next = next: { $before }; then: { $after }

label-colour = colour

event-account-closed = the closing
event-account-evaluated = an evaluation
event-account-merged = the merger
event-account-opened = the opening
event-account-reopened = the reopening
event-account-updated = an update of the profile
event-assessment-made = an assessment
event-benefit-confirmed = a confirmed benefit
event-bid-lost = a lost bid
event-bid-submitted = a bid
event-bid-won = a won bid
event-commitment-broken = a promise broken
event-commitment-kept = a promise kept
event-commitment-made = a promise
event-commitment-moved = a promise put off
event-concession-granted = a concession
event-contact-added = a new contact
event-contact-changed = a change of a contact
event-contact-left = a contact who left
event-contract-signed = a contract
event-delivery-completed = a delivery
event-effort-spent = effort
event-event-corrected = a correction
event-event-retracted = a retraction
event-favour-received = a favour
event-feedback-given = a feedback
event-hospitality-given = a hospitality
event-invoice-issued = an invoice
event-issue-raised = an issue
event-issue-reopened = the reopening of an issue
event-issue-resolved = the resolution of an issue
event-meeting-held = a meeting
event-meeting-planned = a planned meeting
event-need-stated = a stated need
event-note-taken = a note
event-opportunity-dropped = a dropped opportunity
event-opportunity-opened = an opportunity
event-order-placed = an order
event-order-returned = a return
event-payment-received = a payment
event-plan-progressed = progress of a plan
event-plan-set = a plan
event-project-closed = the end of a project
event-project-opened = a new project
event-reference-given = a reference
event-strength-rated = a rating of our strength
event-team-assigned = an assignment
event-team-released = a release from the team
