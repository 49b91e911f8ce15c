# Reasons: `guanxi explain`, `diff` and `whatif`, and causes wherever they are told.

span-days = { $days ->
    [one] 1 day
   *[other] { $days } days
}

because-event = the { $event } of { $day } (position { $position })
because-silence = no order for { $silent }; by its own rhythm { $percent } % of pauses last longer
because-silence-gap = no order for { $silent } (usually { $gap }); by its own rhythm { $percent } % of pauses last longer
because-seasonal = { $cause }, as in this season of the years before
because-trend-below = what it ordered lately lies { $percent } % below its longer trend
because-trend-above = what it ordered lately lies { $percent } % above its longer trend
because-trend-level = what it ordered lately is level with its longer trend
because-age = it ordered on { $orders } days, the first { $span } before
because-after = { $cause }; the last order before was that of { $day } (position { $position })
because-with = { $cause }, counted from the { $event } of { $day } (position { $position })

reason-event = the { $event } of { $day } (position { $position })
reason-event-said = { $named }: { $said }
reason-rest = { $events ->
    [one] one other event
   *[other] { $events } other events together
}

explain-value = The { $measure } of { $name } on { $day } is { $value }. With no event at all it would be { $baseline }.
explain-no-outlook = There is no outlook for { $name }: it has not ordered yet.
explain-nothing = No event moves it.
explain-lifted = What lifts it most:
explain-lowered = What lowers it most:
explain-others = All the others:
explain-through = { $event }, through { $dimensions }
explain-dimensions = By dimension, each with its weight: { $shares }.
explain-terms = Its potential starts from experience with such accounts. In log odds, which speak for it above 0 and against it below: { $terms }.

explain-stage = { $name } has been in { $stage } since { $day }: { $cause }.
explain-stage-flags = Remarks: { $flags }.
explain-stage-way = How it came there:
explain-stage-was = On { $day } from { $from } to { $to }: { $cause }.
explain-stage-now = What decides now:
explain-stage-dates = Unless it orders: { $dates }.
explain-stage-date = { $what } on { $day }
explain-stage-next = Next: { $next }.

diff-title = { $name } from { $from } to { $to }, as known at { $known }
diff-title-seen = { $name } from { $from } (as known at { $known_from }) to { $to } (as known at { $known_to })
diff-title-restated = { $name } on { $to }: what was known at { $known_from } against what is known at { $known_to }
diff-same = Nothing changed.
diff-began = It was not there yet on the first date.
diff-stage = Its stage went from { $from } to { $to }.
diff-stage-caused = Its stage went from { $from } to { $to }, through { $cause }.
diff-transition = On { $day } from { $from } to { $to }: { $cause }.
diff-colour = Its colour went from { $from } to { $to }, through { $cause }.
diff-quadrant = Its quadrant went from "{ $from }" to "{ $to }", through { $cause }.
diff-moved = { $way ->
    [up] Its { $measure } rose from { $from } to { $to } ({ $change }):
    [down] Its { $measure } fell from { $from } to { $to } ({ $change }):
   *[level] Its { $measure } stayed at { $to }:
}
diff-still = Its { $measure } stayed at { $to }.
diff-first = It has { $measure } now, { $to }; before its first order there was none:
diff-lost = It has no { $measure } any more; it was { $from }:
diff-never = It has no { $measure }: it never ordered.

class-policy = another policy
class-epoch = new reference figures of the quarter
class-key-list = the key list
class-faded = the passing of time
class-corrected = what was corrected or taken back
class-late = what was recorded late
class-new = what is new
part-anchors = medians and percentiles of all accounts
part-calibration = calibration
part-rates = rates of exchange

whatif-title = { $name } on { $day }, { $changes }:
whatif-without = without { $event }
whatif-without-revision = without the correction or retraction at position { $position }
whatif-with = with a further event, the { $event } of { $day }
whatif-same = no figure would change
whatif-moved = { $way ->
    [up] its { $measure } would rise from { $from } to { $to } ({ $change })
   *[down] its { $measure } would fall from { $from } to { $to } ({ $change })
}
whatif-first = it would have { $measure }, { $to }, where it has none
whatif-lost = it would have no { $measure }, where it is { $from }
whatif-turned = its { $what } would be "{ $after }" instead of "{ $before }"
whatif-next = next would come: { $after }; as it is: { $before }
whatif-next-same = next comes, as it is: { $after }

label-colour = colour

event-account-closed = closing
event-account-evaluated = evaluation
event-account-merged = merger
event-account-opened = opening
event-account-reopened = reopening
event-account-updated = profile update
event-assessment-made = assessment
event-benefit-confirmed = confirmed benefit
event-bid-lost = lost bid
event-bid-submitted = bid
event-bid-won = won bid
event-commitment-broken = broken promise
event-commitment-kept = kept promise
event-commitment-made = promise
event-commitment-made-us = promise by us
event-commitment-made-customer = promise by the customer
event-commitment-moved = postponed promise
event-concession-granted = concession
event-concession-granted-us = concession by us
event-concession-granted-customer = concession by the customer
event-contact-added = new contact
event-contact-changed = change of contact
event-contact-left = departure of a contact
event-contract-signed = contract
event-delivery-completed = delivery
event-delivery-completed-accepted = accepted delivery
event-delivery-completed-defects = delivery with defects
event-delivery-completed-rejected = rejected delivery
event-effort-spent = effort
event-event-corrected = correction
event-event-retracted = retraction
event-favour-received = favour
event-favour-received-upsell = upsell
event-favour-received-renewal = renewal
event-favour-received-preferred-supplier = listing as preferred supplier
event-favour-received-market-information = market information
event-favour-received-referral = referral
event-feedback-given = feedback
event-hospitality-given = hospitality
event-invoice-issued = invoice
event-issue-raised = issue
event-issue-raised-minor = minor issue
event-issue-raised-major = major issue
event-issue-raised-critical = critical issue
event-issue-reopened = reopened issue
event-issue-resolved = resolved issue
event-meeting-held = meeting
event-meeting-held-executive = executive meeting
event-meeting-held-visit = visit
event-meeting-held-meeting = meeting
event-meeting-held-call = call
event-meeting-held-message = message
event-meeting-held-broadcast = mailing
event-meeting-planned = planned meeting
event-meeting-planned-executive = planned executive meeting
event-meeting-planned-visit = planned visit
event-meeting-planned-meeting = planned meeting
event-meeting-planned-call = planned call
event-meeting-planned-message = planned message
event-meeting-planned-broadcast = planned mailing
event-need-stated = stated need
event-note-taken = note
event-opportunity-dropped = dropped opportunity
event-opportunity-opened = opportunity
event-order-placed = order
event-order-returned = return
event-payment-received = payment
event-plan-progressed = plan progress
event-plan-set = plan
event-project-closed = end of a project
event-project-closed-success = successful end of a project
event-project-closed-partial = partly successful end of a project
event-project-closed-failure = failure of a project
event-project-opened = new project
event-reference-given = reference
event-reference-given-call = reference call
event-reference-given-case-study = case study
event-reference-given-benchmark = benchmark reference
event-reference-given-award = award
event-reference-given-referral = referral
event-reference-given-industry-leader = reference as industry leader
event-strength-rated = rating of our strength
event-team-assigned = team assignment
event-team-released = release from the team
