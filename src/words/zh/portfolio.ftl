# 全体客户：`guanxi accounts`、`portfolio` 与 `group`。

accounts-count = 截至 { $as_of }，共 { $count } 个客户：{ $stages }
accounts-stage = { $stage } { $count } 个
accounts-flagged = { $stage }（{ $flag }）

portfolio-count = 截至 { $as_of }，共 { $accounts } 个客户，其中在营 { $eligible } 个、大客户 { $key } 个。
portfolio-means = 健康度平均 { $health }（中位数 { $health_median }），综合积分平均 { $score }（中位数 { $score_median }）。
portfolio-stages = 阶段分布
portfolio-colours = 健康度：{ $colours }。
portfolio-colour = { $colour } { $count } 个
portfolio-matrix = 重要性与覆盖
portfolio-ranking = 积分最高
portfolio-no-risk = 没有客户处于风险之中。
portfolio-at-risk = 有风险的客户：{ $count } 个
portfolio-risk = { $name }（积分 { $score }；{ $owner }）
portfolio-risk-key = { $name }（积分 { $score }，大客户；{ $owner }）
portfolio-risk-reason = { $reason }（事件 { $events }）
portfolio-nobody = 无人负责
portfolio-load = 人员负荷
portfolio-role = { $role } { $count }
portfolio-effort = 投入与产出（按排名）
portfolio-groups = 客户集团
portfolio-owned = 在营客户均有人负责。
portfolio-unowned = 有 { $count } 个客户无人负责：{ $accounts }。
portfolio-unowned-more = 有 { $count } 个客户无人负责，例如 { $accounts }。

risk-red = 健康度仅 { $health }，拖累最大的是{ $dimensions }
risk-decline = 自{ $day }起衰退
risk-decline-due = 若无变化，{ $day }将转入衰退
risk-churn-due = 若无变化，{ $day }将流失
risk-promise = 我方关键承诺 { $promise } 应于{ $day }兑现，已逾期 { $late }
risk-exposed = 只舍不得：让步敞口为 { $exposure }
risk-coverage = 覆盖仅 { $coverage }（满分 100）

group-sum = 截至 { $as_of }，{ $head } 所在集团共 { $accounts } 个客户：订单 { $orders } 笔，合计 { $ordered }，年均 { $annual }，我方投入 { $hours } 小时。
group-below = 含下级
group-odd = { $account }：{ $flaw }
group-odd-parent = 所称上级客户不详
group-odd-ring = 经由上级成为自己的上级；此环从编号最前的客户处断开
