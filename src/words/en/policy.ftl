# Policies, evaluations, experience and what else is recorded by command: `guanxi policy`, `evaluate`, `experience`,
# `industry`, `pin`, `unpin`, `rate`; and the history: `guanxi history`.

policy-beginning = the beginning
policy-own = the program's own
policy-current = current
policy-differences = { $count ->
    [0] The policies { $old } and { $new } say the same.
    [one] The policies { $old } and { $new } differ in 1 field.
   *[other] The policies { $old } and { $new } differ in { $count } fields.
}
policy-adopted = Version { $version } is in force from now on (position { $position }).
policy-renumbered = { $adopted } Its file says version { $said }; it was given the next number.
policy-past = Past dates keep their figures under --policy then.
policy-more = and { $count } more
policy-effect = Adopted as version { $version }, of { $accounts } accounts { $colour } would change colour, { $stage } stage and { $rank } rank. Nothing was written.

evaluated = { $account } was evaluated (position { $position }).
evaluated-done = Done: { $adjustment }.
evaluated-to-do = { $owner } is to { $adjustment } by { $due }.
evaluated-nothing = Nothing is to be adjusted.

experience-basis = { $good } good accounts and { $other } others up to { $day }
experience-too-few = Too few accounts are known to compare { $name } with: { $basis }. Its fit is taken as { $fit }.
experience-fit = By what became of { $basis }, { $name } turns out well with a probability of { $percent } %.
experience-good = { $term } { $value }, turned out well: { $accounts }
experience-other = { $term } { $value }, did not: { $accounts }
experience-more = { $accounts } and { $count } more
experience-stated = stated by { $actor } on { $day }: { $good } well, { $other } not, because { $reason } (position { $position })
term-portfolio = portfolio
term-industry = industry
term-region = region
term-segment = segment
term-size = size

industry-rated = { $industry }: { $good } more that turned out well, { $other } more that did not (position { $position }).
pin-on = Reviews up to { $until } keep { $account } on the key list
pin-off = Reviews up to { $until } keep { $account } off the key list
pin-none = The next review decides on { $account } by its rank alone
pin-recorded = { $decided } (position { $position }). Until the next review the list does not move.
rate-set = 1 { $from } is { $rate } { $to } from { $date } on (position { $position }).

standing-corrected = corrected by { $positions }
standing-retracted = retracted by { $position }
standing-later = moved beyond --as-of
standing-revision = revises
