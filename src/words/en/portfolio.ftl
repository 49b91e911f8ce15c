# All accounts: `guanxi accounts`, `portfolio` and `group`.

accounts-count = { $count } accounts as of { $as_of }: { $stages }
accounts-stage = { $count } { $stage }
accounts-flagged = { $stage } ({ $flag })

portfolio-count = { $accounts } accounts as of { $as_of }: { $eligible } open, { $key } key accounts.
portfolio-means = Health is { $health } on average (median { $health_median }), the score { $score } (median { $score_median }).
portfolio-stages = Stages
portfolio-colours = Health: { $colours }.
portfolio-colour = { $count } { $colour }
portfolio-matrix = Importance and coverage
portfolio-ranking = Highest scores
portfolio-no-risk = No account is at risk.
portfolio-at-risk = At risk: { $count }
portfolio-risk = { $name } (score { $score }; { $owner })
portfolio-risk-key = { $name } (score { $score }, key account; { $owner })
portfolio-risk-reason = { $reason } (events { $events })
portfolio-nobody = nobody answers for it
portfolio-load = Load
portfolio-role = { $count } { $role }
portfolio-effort = Effort and value, by rank
portfolio-groups = Groups
portfolio-owned = Somebody answers for every open account.
portfolio-unowned = Nobody answers for { $count } of the accounts: { $accounts }.
portfolio-unowned-more = Nobody answers for { $count } accounts, such as { $accounts }.

risk-red = health is { $health }: what costs the most is { $dimensions }
risk-decline = in decline since { $day }
risk-decline-due = decline is due on { $day } unless something happens
risk-churn-due = churn is due on { $day } unless something happens
risk-promise = our critical promise { $promise } was due on { $day } and is { $late } late
risk-exposed = we give way and gain little in return: exposure is { $exposure }
risk-coverage = coverage is { $coverage } of 100

group-sum = { $accounts ->
    [one] The group of { $head }: 1 account, { $orders } orders of { $ordered } in all, { $annual } a year, for { $hours } h of our work as of { $as_of }.
   *[other] The group of { $head }: { $accounts } accounts, { $orders } orders of { $ordered } in all, { $annual } a year, for { $hours } h of our work as of { $as_of }.
}
group-below = with those below
group-odd = { $account }: { $flaw }
group-odd-parent = nothing is known of the parent that it names
group-odd-ring = is, through its parents, its own parent; the ring is cut at its first account by id
