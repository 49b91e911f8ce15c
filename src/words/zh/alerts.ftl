# 需要关注的事与变动：`guanxi alerts`、`guanxi movement`。

alert-says = { $name }：{ $what }。
alert-says-key = { $name }（大客户）：{ $what }。
alert-or-earlier = { $day } 或更早
alert-column-severity = 轻重
alert-column-since = 自
alert-column-owner = 负责人
alert-column-what = 事由
alert-column-events = 事件

severity-low = 低
severity-medium = 中
severity-high = 高

role-decision = 决策者
role-technical = 技术把关者
role-champion = 内部支持者
role-user = 使用者
role-purchasing = 采购
role-other = 其他人

alert-stage-changed = { $day } 由{ $from }转入{ $to }：{ $because }
alert-decline-predicted = 若无变化，{ $day } 将转入衰退（{ $cause }）
alert-decline-predicted-silent = 已 { $silent }没有下单；若无变化，{ $day } 将转入衰退（{ $cause }）
alert-silent = 已 { $silent }没有下单；按自身节奏，间隔比这更长的可能为 { $percent } %
alert-silent-next = 已 { $silent }没有下单；按自身节奏，间隔比这更长的可能为 { $percent } %；{ $day }将转入{ $stage }
alert-exposed = 只舍不得：让步敞口为 { $exposure }
alert-effort-too-low = 所得投入仅为其重要性应得的 { $ratio } 倍
alert-effort-too-high = 所占投入达其重要性应得的 { $ratio } 倍
alert-promise-ours = 我方承诺 { $promise }
alert-promise-ours-critical = 我方关键承诺 { $promise }
alert-promise-customer = 客户承诺 { $promise }
alert-promise-customer-critical = 客户关键承诺 { $promise }
alert-promise-due = { $promise } 于 { $day } 到期
alert-promise-overdue = { $promise } 应于 { $day } 兑现，已逾期 { $late }
alert-contract-expiring = 合同 { $contract } 于 { $day } 到期，还有 { $left }
alert-receivable-overdue = 发票 { $invoice } 应于 { $day } 付款；{ $open } { $currency } 已逾期 { $late }
alert-coverage-low = 覆盖为 { $coverage }（满分 100）
alert-coverage-low-roles = 覆盖为 { $coverage }（满分 100）；久未沟通：{ $roles }
alert-decision-silent = 最近一次与决策者沟通在 { $day }，距今 { $silent }
alert-decision-never = { $silent }以来从未与决策者沟通
alert-single-threaded = 命悬一线：综合积分 { $score }，而保持联系的人寥寥（活跃联系人 { $contacts } 位）
alert-one-colleague = { $colleague } 一人承担了 { $percent } % 的往来
alert-health-fallen = { $span }内健康度由 { $from } 降至 { $to }
alert-health-fallen-most = { $span }内健康度由 { $from } 降至 { $to }，主要因{ $dimensions }
alert-evaluation-overdue = 应于 { $day } 前评估；上次评估在 { $last }
alert-evaluation-never = 应于 { $day } 前评估；从未评估
alert-key-list-entered = 进入大客户名单：{ $rule }
alert-key-list-left = 退出大客户名单：{ $rule }
alert-confidence-low = 所知甚少：健康度仅 { $percent } % 有据可依

alert-rule-stayed = 在留任范围之内
alert-rule-settling = 入选未满两次评审
alert-rule-challenged = 排名足以挑战
alert-rule-filled = 补上空缺席位
alert-rule-pinned = 人工保留
alert-rule-unpinned = 人工排除
alert-rule-fell-out = 跌出留任范围
alert-rule-displaced = 被挑战者取代
alert-rule-ineligible = 已关闭或已并入他户

alert-none = 截至{ $as_of }，没有需要关注的事。
alert-count = 截至{ $as_of }，共 { $count } 条提醒。
alert-folded = 另有 { $count } 个非大客户已到评估期限
alert-folded-never = { $folded }，其中 { $never } 个从未评估。用 --kind evaluation_overdue 可逐一列出。

movement-count = { $from }至{ $to }之间，{ $count } 个客户有变动。
movement-new = 新客户。
movement-not-yet = 当时尚无此客户。
movement-stage = 由{ $from }转入{ $to }。
movement-stage-caused = { $day }由{ $from }转入{ $to }：{ $because }。
movement-colour = 健康度由{ $from }转{ $to }（{ $before } 至 { $after }）
movement-quadrant = 由“{ $from }”转入“{ $to }”（覆盖 { $before } 至 { $after }）
movement-quadrant-listed = 由“{ $from }”转入“{ $to }”，因大客户名单变化。
movement-rank = 由{ $from }变为{ $to }（综合积分 { $before } 至 { $after }）
movement-rank-others = 由{ $from }变为{ $to }，因其他客户变动（综合积分 { $before } 至 { $after }）。
movement-ranked = 第 { $rank } 名
movement-unranked = 无排名
movement-most = { $moved }，主要因{ $causes }。
movement-plain = { $moved }。
movement-cause = { $cause }（{ $points }）
movement-onto-list = 进入大客户名单
movement-off-list = 退出大客户名单
movement-review = { $moved }，依据{ $day }的评审。
