# Whether the figures mean something: `guanxi backtest`, `calibrate` and `anchors`.

occasion-order = order
occasion-bid = decide on a bid
occasion-contact = be in two-way contact

backtest-title = Will an account { $occasion } within { $days } days? Tested on the history from { $from } to { $to }; { $clock }.
backtest-occurred = at each cut-off all that had occurred counts, as known on { $known }
backtest-as-known = at each cut-off only what had been recorded by then counts
backtest-cutoff = Cut-off { $day }: { $accounts } accounts, { $returned } returned. Outlook fitted: { $fit }
backtest-fit = b0 { $b0 }, bS { $bs }, bM { $bm }, bL { $bl }, { $rows } rows
backtest-unfitted = the policy's defaults
backtest-unfitted-since = the policy's defaults: { $reason }
backtest-mean = { $count ->
    [one] Mean of 1 cut-off
   *[other] Mean of { $count } cut-offs
}
backtest-reliability = Reliability of the outlook, by tenths of the accounts
backtest-stages = Accounts that returned, by stage at the cut-off
backtest-against = In ranking, the outlook { $ranking } { $name } (AUC { $auc }); in probability it { $probability } it (Brier { $brier }).
backtest-lead = { $lead }, standard error { $error }
backtest-unknown = not known
backtest-in-order = Accounts returned in the order of their stages: { $shares }.
backtest-out-of-order = Accounts did not return in the order of their stages: { $shares }.
backtest-incomplete = Not every stage had accounts: { $shares }.
backtest-share = { $stage } { $share }
backtest-none = none there

place-ahead = is better than
place-level = equals
place-behind = is worse than
place-unknown = cannot be compared with

competitor-outlook = outlook
competitor-recency = recency
competitor-frequency = frequency
competitor-rfm = rfm
competitor-bgnbd = bgnbd
competitor-mbgnbd = mbgnbd

too-few = there are { $rows } accounts at earlier cut-offs, { $returned } of them with an occasion in the window; a fit needs at least { $rows_min }, and { $class_min } of each kind

calibrate-title = Will an account order within { $days } days? Fitted as of { $as_of }.
calibrate-unfitted = No fit: { $reason }.
calibrate-recorded = Recorded (position { $position }): in force from { $as_of } on.
calibrate-unrecorded = Not recorded: say --record to put the fit in force.
calibrate-b0 = intercept
calibrate-bs = of faded order days, ln(1 + S180)
calibrate-bm = of faded amounts, ln(1 + M365/m0)
calibrate-bl = of the own rhythm, logit of P_act
calibrate-m0 = median of faded amounts
calibrate-rows = Cut-offs { $cutoffs }: { $rows } rows, { $returned } with an order in the window, { $others } without.
calibrate-rows-seasonal = Cut-offs { $cutoffs }, the last for the intercept alone: { $rows } rows, { $returned } with an order in the window, { $others } without.
calibrate-in-sample = In sample: Brier { $brier }.
calibrate-trial = Out of sample: the same fit made as of { $day } and tested on what came since: Brier { $brier } over { $rows } accounts, { $returned } of which ordered; the same probability for all: { $flat }.
calibrate-proposal = The rhythm of { $accounts } accounts, { $repeated } with a repeat, suggests for a policy (nothing follows it until one is adopted):

anchor-m0 = median of faded yearly amounts
anchor-v0 = median annual sales rate, smoothed
anchor-v1 = 95th percentile of it, smoothed
anchor-gap = median days between orders
anchor-win-rate = of decided bids
anchor-experience = accounts that others are compared with
anchor-word-win-rate = win rate
anchor-word-experience = experience
anchor-counts = { $good } good, { $other } other
anchors-frozen-now = Frozen for { $quarter } (position { $position }).
anchors-frozen = They were frozen for { $quarter } before.
anchors-measured = Measured at the start of { $quarter }, not frozen.
