# 评审与大客户名单：`guanxi review`、`guanxi key-accounts`。

review-heading = { $day }评审：{ $eligible } 个客户取 { $percent } %，共 { $seats } 个大客户席位。
review-first = 这是首次评审。
review-previous = 上次评审在{ $day }；本次应于{ $due }进行。
review-opening = { $heading }{ $before }
review-nobody = 无人进入，无人退出。
review-enters = { $name } 进入：{ $because }。
review-leaves = { $name } 退出：{ $because }。
review-overdue = 已商定而逾期的调整：
review-overdue-line = { $name }：{ $owner } 应于{ $due }前完成“{ $adjustment }”，已逾期 { $late }。
review-proposal = 仅为建议：未写入任何内容。加 --record 后，此名单即为下次评审前的大客户名单。
review-recorded = 已记录（位置 { $positions }）：此即下次评审前的大客户名单。

review-moved-rank = 排名 { $old } -> { $new }
review-moved-score = 积分 { $change }
review-moved-health = 健康度 { $change }
review-moved-stage = { $old } -> { $new }

because-stayed = 排名 { $rank }，在成员可留任的范围之内
because-settling = 排名 { $rank }，已在留任范围之外，但入选未久，予以保留
because-challenged = 排名 { $rank }，足以入选，必要时取代现有成员
because-filled = 排名 { $rank }，补上空缺席位
because-pinned = 人工保留至{ $day }，理由：{ $reason }
because-unpinned = 人工排除至{ $day }，理由：{ $reason }
because-fell-out = 排名 { $rank }，已在成员可留任的范围之外
because-displaced = 排名 { $rank }，居成员之末，席位须让出
because-ineligible = 已关闭、已并入他户或不再为人所知

rule-stayed = 留任
rule-settling = 新任保留
rule-challenged = 挑战入选
rule-filled = 补缺
rule-pinned = 人工保留
rule-unpinned = 人工排除
rule-fell-out = 跌出
rule-displaced = 被取代
rule-ineligible = 不合资格

list-none = 截至 { $day } 尚未评审：没有大客户。
list-heading = 截至 { $day }：{ $seats } 个席位（{ $percent } %）上有 { $count } 个大客户，依据 { $review } 的评审（位置 { $position }）。下次评审应于 { $next } 进行。
list-pinned-on = { $name } 人工保留至 { $day }，理由：{ $reason }（位置 { $position }）。
list-pinned-off = { $name } 人工排除至 { $day }，理由：{ $reason }（位置 { $position }）。
list-entered = 进入
list-left = 退出
