# The lists: `guanxi list`.

list-adjustments = adjustments
list-balance = balance
list-bids = bids
list-commitments = commitments
list-concessions = concessions
list-contacts = contacts
list-contracts = contracts
list-deliveries = deliveries
list-hospitality = hospitality
list-issues = issues
list-needs = needs
list-opportunities = opportunities
list-plan = plan
list-process = process
list-projects = projects
list-receivables = receivables
list-team = team
list-value = value

list-of = { $lines ->
    [one] 1 line of { $list } of { $account } as of { $as_of }
   *[other] { $lines } lines of { $list } of { $account } as of { $as_of }
}
list-of-all = { $lines ->
    [one] 1 line of { $list } as of { $as_of }
   *[other] { $lines } lines of { $list } as of { $as_of }
}

# What stands in the cells of lists: value-<word>, the word as it stands in JSON.

value-open = open
value-overdue = overdue
value-closed = closed
value-closed-late = closed late
value-won = won
value-lost = lost
value-dropped = dropped
value-kept = kept
value-kept-late = kept late
value-broken = broken
value-upcoming = upcoming
value-running = running
value-expiring = expiring
value-expired = expired
value-resolved = resolved
value-paid = paid
value-not-invoiced = not invoiced
value-reached = reached
value-scene = scene
value-line = line
value-task = task
value-identify = identify
value-assign = assign
value-plan = plan
value-incubate = incubate
value-uplift = uplift
value-evaluate = evaluate
value-realise-value = realise value
value-manage-and-report = manage and report
value-win-skills = win skills
value-presales = presales
value-bidding = bidding
value-delivery = delivery
value-aftersales = aftersales
value-sales-process = sales process
value-support = support
value-connections = connections
value-project = project
value-service = service
value-us = us
value-customer = customer
value-third-party = third party
value-decision = decision
value-technical = technical
value-champion = champion
value-user = user
value-purchasing = purchasing
value-other = other
value-owner = owner
value-regional-sales = regional sales
value-solution-sales = solution sales
value-sponsor = sponsor
value-minor = minor
value-major = major
value-critical = critical
value-price = price
value-terms = terms
value-scope = scope
value-payment = payment
value-accepted = accepted
value-defects = defects
value-rejected = rejected
value-success = success
value-partial = partial
value-failure = failure
value-effort-hours = effort hours
value-effort-cost = effort cost
value-concession-cost = concession cost
value-ordered = ordered
value-benefit-confirmed = benefit confirmed
value-yes = yes
value-no = no
