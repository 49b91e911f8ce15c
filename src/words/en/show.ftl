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

odd-unknown-reference = position { $position } names an unknown { $kind }: { $id }
odd-no-rate = position { $position }: no rate from { $from } to { $to }, so its amount is left out of the figures
odd-unknown-parent = position { $position } names a parent that nothing is known of: { $parent }
odd-parent-ring = position { $position } makes the account, through its parent { $parent }, its own parent
odd-before-opening = { $events } events before the account was opened, the first at position { $position }
odd-after-merging = { $events } events after the account was merged, the first at position { $position }
odd-names-itself = position { $position } says that the account belongs to itself
odd-duplicate = position { $position } uses the identifier of another { $kind }: { $id }
odd-without-effect = position { $position } changes nothing, as the { $kind } { $id } stands
odd-ends-before-start = position { $position }: the { $kind } { $id } is due, or ends, before it begins
odd-met-after-leaving = position { $position }: { $id } was met after leaving
odd-paid-above-invoice = position { $position }: more was paid of the invoice { $id } than it asks for
odd-returned-above-order = position { $position }: more was returned of the order { $id } than it had
odd-returned-above-orders = position { $position }: more { $currency } were returned than ever ordered
