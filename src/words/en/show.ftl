# One account in words: `guanxi show`.

show-title = { $name } ({ $account }) as of { $as_of }, as known at { $known_at }

# The words before the lines.
label-about = about
label-owner = owner
label-last-contact = last contact
label-next-evaluation = next evaluation
label-events = events
label-stage = stage
label-flags = flags
label-next = next
label-was = was
label-outlook = outlook
label-health = health
label-score = score
label-key-account = key account
label-quadrant = quadrant
label-exposure = exposure
label-anomaly = anomaly
label-state-hash = state hash

about-industry = industry { $what }
about-region = region { $what }
about-segment = segment { $what }
about-size = size { $what }

stage-since = { $stage } since { $day }: { $cause }
stage-next = { $stage } on { $day } unless something happens ({ $cause })
stage-next-none = nothing by itself
stage-was = { $day }: { $from } -> { $to }, { $cause }

outlook-calibrated = { $percent } % to order within { $days } d (calibrated)
outlook-uncalibrated = { $percent } % to order within { $days } d (uncalibrated)
health-says = { $value } { $colour }, { $low } to { $high }, confidence { $confidence }
score-says = { $value }, confidence { $confidence }
dimension-says = { $value } x { $weight }, { $low } to { $high }, confidence { $confidence }
key-account-yes = yes, since { $day }, rank { $rank } in the last review
key-account-no = no, by the review of { $day }
key-account-unknown = no review yet
exposure-says = { $value } (what we gave and did not get back)

odd-where = position { $positions }
odd-where-several = positions { $positions }
odd-where-and-more = positions { $positions } and { $more } more
odd-unknown-reference = { $where }: an unknown { $kind } is named, { $id }
odd-no-rate = { $where }: no rate from { $from } to { $to }, so that amounts are left out of the figures
odd-unknown-parent = { $where }: nothing is known of the parent that is named, { $parent }
odd-parent-ring = { $where }: the account becomes, through its parent { $parent }, its own parent
odd-before-opening = { $events } events before the account was opened, the first at { $where }
odd-after-merging = { $events } events after the account was merged, the first at { $where }
odd-names-itself = { $where }: the account is said to belong to itself
odd-duplicate = { $where }: the identifier of another { $kind } is used, { $id }
odd-without-effect = { $where }: nothing is changed, as the { $kind } { $id } stands
odd-ends-before-start = { $where }: the { $kind } { $id } is due, or ends, before it begins
odd-met-after-leaving = { $where }: { $id } was met after leaving
odd-paid-above-invoice = { $where }: more was paid of the invoice { $id } than it asks for
odd-returned-above-order = { $where }: more was returned of the order { $id } than it had
odd-returned-above-orders = { $where }: more { $currency } were returned than ever ordered
