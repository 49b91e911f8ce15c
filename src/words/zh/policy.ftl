# 政策、评估、经历推算以及其他用命令记录的事：`guanxi policy`、`evaluate`、`experience`、`industry`、`pin`、`unpin`、
# `rate`；以及历史：`guanxi history`。

policy-beginning = 自始
policy-own = 程序自带
policy-current = 现行
policy-differences = { $count ->
    [0] 政策 { $old } 与 { $new } 完全一致。
   *[other] 政策 { $old } 与 { $new } 有 { $count } 个字段不同。
}
policy-adopted = 第 { $version } 版自即刻起生效（位置 { $position }）。
policy-renumbered = { $adopted }文件所写版本为 { $said }，已改用下一个编号。
policy-past = 以 --policy then 查询过去日期，指标仍如当时。
policy-more = 另有 { $count } 个
policy-effect = 若采用为第 { $version } 版，{ $accounts } 个客户中将有 { $colour } 个改变颜色、{ $stage } 个改变阶段、{ $rank } 个改变排名。未写入任何内容。

evaluated = { $account } 已完成评估（位置 { $position }）。
evaluated-done = 已完成：{ $adjustment }。
evaluated-to-do = { $owner } 应于 { $due } 前完成“{ $adjustment }”。
evaluated-nothing = 无需调整。

experience-basis = 截至 { $day } 的 { $good } 个良好客户与 { $other } 个其他客户
experience-too-few = 可与 { $name } 比较的客户太少：{ $basis }。契合度暂取 { $fit }。
experience-fit = 据{ $basis }的经历推算，{ $name } 发展良好的概率为 { $percent } %。
experience-good = { $term } { $value }，发展良好：{ $accounts }
experience-other = { $term } { $value }，未能良好：{ $accounts }
experience-more = { $accounts } 等，另有 { $count } 个
experience-stated = { $actor } 于 { $day } 的意见：{ $good } 个良好、{ $other } 个不佳，理由：{ $reason }（位置 { $position }）
term-portfolio = 全体客户
term-industry = 行业
term-region = 地区
term-segment = 细分
term-size = 规模

industry-rated = { $industry }：另计 { $good } 个发展良好、{ $other } 个不佳（位置 { $position }）。
pin-on = 截至 { $until } 的历次评审均保留 { $account } 为大客户
pin-off = 截至 { $until } 的历次评审均将 { $account } 排除在大客户之外
pin-none = 下次评审仅按排名决定 { $account } 的去留
pin-recorded = { $decided }（位置 { $position }）。下次评审之前名单不变。
rate-set = 自 { $date } 起 1 { $from } 合 { $rate } { $to }（位置 { $position }）。

standing-corrected = 由 { $positions } 更正
standing-retracted = 由 { $position } 撤回
standing-later = 更正后晚于 --as-of
standing-revision = 用于更正
