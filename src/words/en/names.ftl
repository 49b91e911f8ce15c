# The field's words: <kind>-<word>, the word as it stands in JSON.

stage-acquisition = acquisition
stage-growth = growth
stage-maturity = maturity
stage-decline = decline
stage-churn = churn

flag-watch = watch
flag-stalled = stalled
flag-won-back = won back

colour-grey = grey
colour-red = red
colour-amber = amber
colour-green = green

quadrant-win-over = win over
quadrant-cultivate = cultivate
quadrant-scale-back = scale back
quadrant-watch = watch

cause-event = an event
cause-silence = silence
cause-trend = trend
cause-age = age

measure-health = health
measure-confidence = confidence
measure-score = score
measure-outlook = outlook
measure-engagement = engagement
measure-coverage = coverage
measure-integrity = integrity
measure-benefit = benefit
measure-reciprocity = reciprocity
measure-service = service
measure-sales = sales
measure-potential = potential
measure-demonstration = demonstration
measure-winnability = winnability
measure-exposure = exposure

referent-bid = bid
referent-opportunity = opportunity
referent-project = project
referent-contract = contract
referent-order = order
referent-invoice = invoice
referent-commitment = commitment
referent-issue = issue
referent-objective = objective
referent-delivery = delivery
referent-concession = concession
referent-need = need
referent-plan = plan
referent-task = task
referent-criterion = criterion
referent-contact = contact
referent-colleague = colleague
