# 一个客户的文字说明：`guanxi show`。

show-title = { $name }（{ $account }），截至 { $as_of }，按 { $known_at } 所知

label-about = 概况
label-owner = 负责人
label-last-contact = 最近接触
label-next-evaluation = 下次评估
label-events = 事件数
label-stage = 阶段
label-flags = 标记
label-next = 下一步
label-was = 此前
label-outlook = 前景
label-health = 健康度
label-score = 综合积分
label-key-account = 大客户
label-quadrant = 象限
label-exposure = 让步敞口
label-anomaly = 异常
label-state-hash = 状态哈希

about-industry = 行业 { $what }
about-region = 地区 { $what }
about-segment = 细分 { $what }
about-size = 规模 { $what }

stage-since = { $stage }，自 { $day } 起：{ $cause }
stage-next = 若无变化，{ $day } 转入{ $stage }（{ $cause }）
stage-next-none = 不会自行变化
stage-was = { $day }：{ $from } -> { $to }，{ $cause }

outlook-calibrated = { $days } 天内下单的概率 { $percent } %（已校准）
outlook-uncalibrated = { $days } 天内下单的概率 { $percent } %（未校准）
health-says = { $value } { $colour }，区间 { $low } 至 { $high }，可信度 { $confidence }
score-says = { $value }，可信度 { $confidence }
dimension-says = { $value } x { $weight }，区间 { $low } 至 { $high }，可信度 { $confidence }
key-account-yes = 是，自 { $day } 起，上次评审排名 { $rank }
key-account-no = 否，依据 { $day } 的评审
key-account-unknown = 尚无评审
exposure-says = { $value }（给出而未收回的）

odd-where = 位置 { $positions }
odd-where-several = 位置 { $positions }
odd-where-and-more = 位置 { $positions } 及另外 { $more } 处
odd-unknown-reference = { $where } 提到未知的{ $kind }：{ $id }
odd-no-rate = { $where }：没有 { $from } 兑 { $to } 的汇率，该金额未计入
odd-unknown-parent = { $where } 提到未知的上级客户：{ $parent }
odd-parent-ring = { $where } 使该客户经由上级 { $parent } 成为自己的上级
odd-before-opening = 开户之前有 { $events } 个事件，首个在{ $where }
odd-after-merging = 合并之后还有 { $events } 个事件，首个在{ $where }
odd-names-itself = { $where } 称该客户属于它自己
odd-duplicate = { $where } 使用了另一{ $kind }的编号：{ $id }
odd-without-effect = { $where } 没有作用，{ $kind } { $id } 已是如此
odd-ends-before-start = { $where }：{ $kind } { $id } 的到期早于开始
odd-met-after-leaving = { $where }：{ $id } 离任之后仍有会面
odd-paid-above-invoice = { $where }：发票 { $id } 的付款超过应付
odd-returned-above-order = { $where }：订单 { $id } 的退货超过订货
odd-returned-above-orders = { $where }：{ $currency } 的退货超过全部订货
