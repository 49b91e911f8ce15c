# What needs attention, and what moved: `guanxi alerts`, `guanxi movement`.

alert-says = { $name }: { $what }.
alert-says-key = { $name } (key account): { $what }.
alert-or-earlier = { $day } or earlier
alert-column-severity = severity
alert-column-since = since
alert-column-owner = owner
alert-column-what = what
alert-column-events = events

severity-low = low
severity-medium = medium
severity-high = high

role-decision = those who decide
role-technical = those who judge the technology
role-champion = champions
role-user = users
role-purchasing = purchasing
role-other = others

alert-stage-changed = went from { $from } to { $to } on { $day }: { $because }
alert-decline-predicted = decline is due on { $day } unless something happens ({ $cause })
alert-decline-predicted-silent = no order for { $silent }; decline is due on { $day } unless something happens ({ $cause })
alert-silent = no order for { $silent }; by its own rhythm { $percent } % of pauses last longer
alert-silent-next = no order for { $silent }; by its own rhythm { $percent } % of pauses last longer; { $stage } is due on { $day }
alert-exposed = we give way and gain little in return: exposure is { $exposure }
alert-effort-too-low = gets { $ratio } times the effort that its importance deserves
alert-effort-too-high = takes { $ratio } times the effort that its importance deserves
alert-promise-ours = our promise { $promise }
alert-promise-ours-critical = our critical promise { $promise }
alert-promise-customer = the customer's promise { $promise }
alert-promise-customer-critical = the customer's critical promise { $promise }
alert-promise-quoted = "{ $said }"
alert-promise-due = { $promise } is due on { $day }
alert-promise-overdue = { $promise } was due on { $day } and is { $late } late
alert-contract-expiring = contract { $contract } expires on { $day }, in { $left }
alert-receivable-overdue = invoice { $invoice } was due on { $day }; { $open } { $currency } of it are still open, { $late } late
alert-coverage-low = coverage is { $coverage } of 100
alert-coverage-low-roles = coverage is { $coverage } of 100; not spoken to for long: { $roles }
alert-decision-silent = those who decide were last spoken to on { $day }, { $silent } ago
alert-decision-never = nobody who decides was spoken to, in { $silent }
alert-single-threaded = hangs by a thread: a score of { $score }, but hardly anybody there is in touch with us ({ $contacts } living contacts)
alert-one-colleague = { $colleague } alone carries { $percent } % of the contact
alert-health-fallen = health fell from { $from } to { $to } within { $span }
alert-health-fallen-most = health fell from { $from } to { $to } within { $span }, most by { $dimensions }
alert-evaluation-overdue = should have been evaluated by { $day }; the last evaluation was on { $last }
alert-evaluation-never = should have been evaluated by { $day }; it never was
alert-key-list-entered = came onto the key list: { $rule }
alert-key-list-left = left the key list: { $rule }
alert-confidence-low = too little is known of it: only { $percent } % of its health comes from evidence

alert-rule-stayed = it stayed within the wider band
alert-rule-settling = it is in its first two reviews
alert-rule-challenged = it ranked high enough to challenge
alert-rule-filled = it filled a free seat
alert-rule-pinned = it was pinned by hand
alert-rule-unpinned = it was unpinned by hand
alert-rule-fell-out = it fell out of the wider band
alert-rule-displaced = a challenger displaced it
alert-rule-ineligible = it is closed or merged away

alert-none = Nothing needs attention as of { $as_of }.
alert-count = { $count ->
    [one] 1 alert as of { $as_of }.
   *[other] { $count } alerts as of { $as_of }.
}
alert-folded = { $count ->
    [one] One more account that is no key account should have been evaluated by now
   *[other] { $count } more accounts that are no key accounts should have been evaluated by now
}
alert-folded-never = { $folded }; { $never ->
    [one] one never was
   *[other] { $never } never were
}. --kind evaluation_overdue lists them.

movement-count = { $count ->
    [one] 1 account moved between { $from } and { $to }.
   *[other] { $count } accounts moved between { $from } and { $to }.
}
movement-new = It is new.
movement-not-yet = It was not there yet.
movement-stage = Its stage went from { $from } to { $to }.
movement-stage-caused = Its stage went from { $from } to { $to } on { $day }: { $because }.
movement-colour = Its health went from { $from } to { $to } ({ $before } to { $after })
movement-colour-more = { $moved }, as more is known of it
movement-colour-less = { $moved }, as less is known of it
movement-colour-stalled = { $moved }, since it stalled: it never ordered, and contact has died down.
movement-colour-revived = { $moved }, since it is no longer stalled.
movement-quadrant = Its quadrant went from "{ $from }" to "{ $to }" (coverage { $before } to { $after })
movement-quadrant-listed = Its quadrant went from "{ $from }" to "{ $to }", with the key list.
movement-rank = It moved from { $from } to { $to } (score { $before } to { $after })
movement-rank-others = It moved from { $from } to { $to }, since others moved (score { $before } to { $after }).
movement-ranked = rank { $rank }
movement-unranked = no rank
movement-most = { $moved }, most through { $causes }.
movement-plain = { $moved }.
movement-cause = { $cause } ({ $points })
movement-cause-faded = the passing of time, above all since { $event }
movement-onto-list = It came onto the key list
movement-off-list = It left the key list
movement-review = { $moved } by the review of { $day }.
