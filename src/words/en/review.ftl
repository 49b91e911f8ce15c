# A review and the key list in words: `guanxi review`, `guanxi key-accounts`.

review-heading = Review of { $day }: { $seats } key accounts, { $percent } % of { $eligible } accounts.
review-first = It is the first.
review-previous = The last one was of { $day }; this one was due on { $due }.
review-opening = { $heading } { $before }
review-nobody = Nobody enters and nobody leaves.
review-enters = { $name } enters: { $because }.
review-leaves = { $name } leaves: { $because }.
review-overdue = Agreed and overdue:
review-overdue-line = { $name }: { $owner } was to { $adjustment } by { $due }, { $late } ago.
review-proposal = A proposal: nothing was written. With --record this list is the key list until the next review.
review-recorded = Recorded (position { $positions }): this is the key list until the next review.

review-moved-rank = rank { $old } -> { $new }
review-moved-score = score { $change }
review-moved-health = health { $change }
review-moved-stage = { $old } -> { $new }

because-stayed = rank { $rank } is within the band in which members stay
because-settling = rank { $rank } is outside the band in which members stay, but it came onto the list too lately to leave it
because-challenged = at rank { $rank } it is far enough up to take a seat, from a member if need be
because-filled = rank { $rank } fills a free seat
because-pinned = it is pinned to the list until { $day }, because { $reason }
because-unpinned = it is pinned off the list until { $day }, because { $reason }
because-fell-out = rank { $rank } is outside the band in which members stay
because-displaced = at rank { $rank } it was the last of the members, and its seat was needed
because-ineligible = it is closed, merged away, or not known any more

rule-stayed = stayed
rule-settling = settling
rule-challenged = challenged
rule-filled = filled
rule-pinned = pinned
rule-unpinned = unpinned
rule-fell-out = fell out
rule-displaced = displaced
rule-ineligible = ineligible

list-none = As of { $day } no review was held: there is no key account.
list-heading = As of { $day }: { $count } key accounts on { $seats } seats ({ $percent } %), by the review of { $review } (position { $position }). The next is due on { $next }.
list-pinned-on = { $name } is pinned to the list until { $day }, because { $reason } (position { $position }).
list-pinned-off = { $name } is pinned off the list until { $day }, because { $reason } (position { $position }).
list-entered = entered
list-left = left
