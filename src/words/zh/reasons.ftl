# 缘由：`guanxi explain`、`diff` 与 `whatif`，以及各处所述的原因。

span-days = { $days } 天

because-event = { $day }的{ $event }（位置 { $position }）
because-silence = 已 { $silent }没有下单；按自身节奏，间隔比这更长的可能为 { $percent } %
because-silence-gap = 已 { $silent }没有下单（通常间隔 { $gap }）；按自身节奏，间隔比这更长的可能为 { $percent } %
because-seasonal = { $cause }；往年同期亦如此
because-trend-below = 近期下单金额比长期水平低 { $percent } %
because-trend-above = 近期下单金额比长期水平高 { $percent } %
because-trend-level = 近期下单金额与长期水平持平
because-age = 共 { $orders } 个下单日，首次在 { $span }之前
because-after = { $cause }；此前最后一笔订单在 { $day }（位置 { $position }）
because-with = { $cause }，依据 { $day }的{ $event }（位置 { $position }）

reason-event = { $day }的{ $event }（位置 { $position }）
reason-event-said = { $named }：{ $said }
reason-rest = 其余 { $events } 个事件合计

explain-value = { $day }，{ $name } 的{ $measure }为 { $value }。若无任何事件，则为 { $baseline }。
explain-no-outlook = { $name } 尚未下单，谈不上前景。
explain-nothing = 没有事件影响它。
explain-lifted = 主要拉升因素：
explain-lowered = 主要拉低因素：
explain-others = 其余：
explain-through = { $event }，经由{ $dimensions }
explain-dimensions = 各维度加权后：{ $shares }。
explain-terms = 潜力以同类客户的经历为起点（对数几率，正数有利，负数不利）：{ $terms }。

explain-stage = { $name } 自 { $day }起处于{ $stage }阶段：{ $cause }。
explain-stage-flags = 标记：{ $flags }。
explain-stage-way = 历次阶段变化：
explain-stage-was = { $day }由{ $from }转入{ $to }：{ $cause }。
explain-stage-now = 当前依据：
explain-stage-dates = 若不再下单：{ $dates }。
explain-stage-date = { $day }{ $what }
explain-stage-next = 下一步：{ $next }。

diff-title = { $name }：{ $from }至{ $to }（按 { $known } 所知）
diff-title-seen = { $name }：{ $from }（按 { $known_from } 所知）至{ $to }（按 { $known_to } 所知）
diff-title-restated = { $name } 在{ $to }的情况：{ $known_from } 所知与 { $known_to } 所知之比较
diff-same = 没有变化。
diff-began = 前一日期时尚无此客户。
diff-stage = 阶段由{ $from }转为{ $to }。
diff-stage-caused = 阶段由{ $from }转为{ $to }，原因：{ $cause }。
diff-transition = { $day }由{ $from }转入{ $to }：{ $cause }。
diff-colour = 颜色由{ $from }转为{ $to }，原因：{ $cause }。
diff-quadrant = 象限由“{ $from }”转为“{ $to }”，原因：{ $cause }。
diff-moved = { $way ->
    [up] { $measure }由 { $from } 升至 { $to }（{ $change }）：
    [down] { $measure }由 { $from } 降至 { $to }（{ $change }）：
   *[level] { $measure }仍为 { $to }：
}
diff-still = { $measure }仍为 { $to }。
diff-first = { $measure }现为 { $to }；首次下单之前无此项：
diff-lost = 不再有{ $measure }；此前为 { $from }：
diff-never = 从未下单，没有{ $measure }。

class-policy = 评分政策调整
class-epoch = 季度基准更新
class-key-list = 大客户名单变化
class-faded = 时间流逝
class-corrected = 更正或撤回
class-late = 补录
class-new = 新发生的事
part-anchors = 全体客户的中位数与分位数
part-calibration = 校准
part-rates = 汇率

whatif-title = { $name }，{ $day }，{ $changes }：
whatif-without = 假如没有{ $event }
whatif-without-revision = 假如没有位置 { $position } 的更正或撤回
whatif-with = 假如另有{ $day }的{ $event }
whatif-same = 各项指标均不变
whatif-moved = { $way ->
    [up] { $measure }将由 { $from } 升至 { $to }（{ $change }）
   *[down] { $measure }将由 { $from } 降至 { $to }（{ $change }）
}
whatif-first = { $measure }将为 { $to }，目前没有此项
whatif-lost = 将没有{ $measure }，目前为 { $from }
whatif-turned = { $what }将为“{ $after }”，目前为“{ $before }”
whatif-next = 下一步将是：{ $after }；目前是：{ $before }
whatif-next-same = 下一步不变：{ $after }

label-colour = 颜色

event-account-closed = 关户
event-account-evaluated = 动态评估
event-account-merged = 合并
event-account-opened = 建档
event-account-reopened = 重新启用
event-account-updated = 资料更新
event-assessment-made = 人工评估
event-benefit-confirmed = 收益确认
event-bid-lost = 失标
event-bid-submitted = 投标
event-bid-won = 中标
event-commitment-broken = 失信（承诺未兑现）
event-commitment-kept = 承诺兑现
event-commitment-made = 承诺
event-commitment-made-us = 我方承诺
event-commitment-made-customer = 客户承诺
event-commitment-moved = 承诺延期
event-concession-granted = 让步
event-concession-granted-us = 我方让步
event-concession-granted-customer = 客户让步
event-contact-added = 新增联系人
event-contact-changed = 联系人变动
event-contact-left = 联系人离任
event-contract-signed = 合同签订
event-delivery-completed = 交付
event-delivery-completed-accepted = 交付（验收通过）
event-delivery-completed-defects = 交付（有缺陷）
event-delivery-completed-rejected = 交付（被拒收）
event-effort-spent = 资源投入
event-event-corrected = 更正
event-event-retracted = 撤回
event-favour-received = 客户回馈
event-favour-received-upsell = 增购
event-favour-received-renewal = 续约
event-favour-received-preferred-supplier = 列为优选供应商
event-favour-received-market-information = 提供市场信息
event-favour-received-referral = 转介绍
event-feedback-given = 客户反馈
event-hospitality-given = 招待
event-invoice-issued = 开票
event-issue-raised = 问题提出
event-issue-raised-minor = 轻微问题
event-issue-raised-major = 重大问题
event-issue-raised-critical = 严重问题
event-issue-reopened = 问题重开
event-issue-resolved = 问题解决
event-meeting-held = 会面
event-meeting-held-executive = 高层会面
event-meeting-held-visit = 拜访
event-meeting-held-meeting = 会议
event-meeting-held-call = 电话沟通
event-meeting-held-message = 消息往来
event-meeting-held-broadcast = 群发信息
event-meeting-planned = 计划中的会面
event-meeting-planned-executive = 计划中的高层会面
event-meeting-planned-visit = 计划中的拜访
event-meeting-planned-meeting = 计划中的会议
event-meeting-planned-call = 计划中的电话
event-meeting-planned-message = 计划中的消息
event-meeting-planned-broadcast = 计划中的群发
event-need-stated = 需求提出
event-note-taken = 备注
event-opportunity-dropped = 商机放弃
event-opportunity-opened = 商机
event-order-placed = 订单
event-order-returned = 退货
event-payment-received = 回款
event-plan-progressed = 计划进展
event-plan-set = 客户规划
event-project-closed = 项目结束
event-project-closed-success = 项目成功收尾
event-project-closed-partial = 项目部分成功
event-project-closed-failure = 项目失败
event-project-opened = 项目立项
event-reference-given = 客户推荐
event-reference-given-call = 背书通话
event-reference-given-case-study = 案例宣传
event-reference-given-benchmark = 标杆示范
event-reference-given-award = 获奖
event-reference-given-referral = 转介绍
event-reference-given-industry-leader = 行业龙头示范
event-strength-rated = 优势评分
event-team-assigned = 团队指派
event-team-released = 团队调离
