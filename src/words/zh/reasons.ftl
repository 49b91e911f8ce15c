# 缘由：`guanxi explain`、`diff` 与 `whatif`。

reason-event = { $day } 的{ $event }（位置 { $position }）
reason-event-said = { $named }：{ $said }
reason-rest = 其余 { $events } 个事件合计
reason-moved = { $measure }：{ $from } → { $to }（{ $change }）
reason-turned = { $what }：{ $from } → { $to }

explain-value = { $day }，{ $name } 的{ $measure }为 { $value }。不计任何事件时为 { $baseline }。
explain-no-outlook = { $name } 尚未下单，没有前景。
explain-nothing = 没有事件影响它。
explain-lifted = 拉升最多的：
explain-lowered = 拉低最多的：
explain-through = { $event }，经由{ $dimensions }
explain-dimensions = 按维度：{ $shares }。
explain-terms = 潜力的起点来自同类客户的经历（对数几率）：{ $terms }。

explain-stage = { $name } 自 { $day } 起处于{ $stage }阶段，原因：{ $cause }。
explain-stage-flags = 标记：{ $flags }。
explain-stage-was = { $day }：{ $from } → { $to }，原因：{ $cause }；背后是{ $event }
explain-stage-now = 当前依据：{ $causes }。
explain-stage-dates = 若无订单：{ $dates }。
explain-stage-next = 下一步：{ $next }。

diff-title = { $name }：从 { $from }（按 { $known_from } 所知）到 { $to }（按 { $known_to } 所知）
diff-turned = { $moved }，原因：{ $causes }

class-policy = 政策不同
class-epoch = 全体客户的基准
class-key-list = 大客户名单
class-faded = 时间流逝
class-corrected = 更正或撤回
class-late = 补录
class-new = 新增
part-anchors = 基准值
part-calibration = 校准
part-rates = 汇率

whatif-title = { $name }，截至 { $as_of }：{ $changes }
whatif-without = 若没有位置 { $position } 的事件
whatif-with = 若有 { $day } 的{ $event }
whatif-same = 没有指标变化
whatif-next = 下一步：{ $before }；变为：{ $after }

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
event-commitment-broken = 承诺落空
event-commitment-kept = 承诺兑现
event-commitment-made = 承诺
event-commitment-moved = 承诺延期
event-concession-granted = 让步
event-contact-added = 新增联系人
event-contact-changed = 联系人变动
event-contact-left = 联系人离开
event-contract-signed = 合同签订
event-delivery-completed = 交付
event-effort-spent = 投入
event-event-corrected = 更正
event-event-retracted = 撤回
event-favour-received = 客户回馈
event-feedback-given = 客户反馈
event-hospitality-given = 招待
event-invoice-issued = 开票
event-issue-raised = 问题提出
event-issue-reopened = 问题重开
event-issue-resolved = 问题解决
event-meeting-held = 会面
event-meeting-planned = 计划中的会面
event-need-stated = 需求提出
event-note-taken = 备注
event-opportunity-dropped = 商机放弃
event-opportunity-opened = 商机
event-order-placed = 订单
event-order-returned = 退货
event-payment-received = 回款
event-plan-progressed = 计划进展
event-plan-set = 客户计划
event-project-closed = 项目结束
event-project-opened = 项目立项
event-reference-given = 客户推荐
event-strength-rated = 优势评分
event-team-assigned = 团队指派
event-team-released = 团队解除
