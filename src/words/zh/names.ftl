# 本领域的词：<kind>-<word>，word 即 JSON 中的词。

stage-acquisition = 获取
stage-growth = 提升
stage-maturity = 成熟
stage-decline = 衰退
stage-churn = 流失

flag-watch = 留意
flag-stalled = 停滞
flag-won-back = 赢回

colour-grey = 灰
colour-red = 红
colour-amber = 黄
colour-green = 绿

quadrant-win-over = 攻坚
quadrant-cultivate = 深耕
quadrant-scale-back = 降配
quadrant-watch = 观察

cause-event = 事件
cause-silence = 沉默
cause-trend = 趋势
cause-age = 时间

measure-health = 健康度
measure-confidence = 可信度
measure-score = 综合积分
measure-outlook = 前景
measure-engagement = 互动
measure-coverage = 覆盖
measure-integrity = 守正
measure-benefit = 惠人达己
measure-reciprocity = 先舍后得
measure-service = 客户服务
measure-sales = 销售额
measure-potential = 潜力
measure-demonstration = 示范作用
measure-winnability = 能赢能做
measure-exposure = 让步敞口

referent-bid = 投标
referent-opportunity = 商机
referent-project = 项目
referent-contract = 合同
referent-order = 订单
referent-invoice = 发票
referent-commitment = 承诺
referent-issue = 问题
referent-objective = 目标
referent-delivery = 交付
referent-concession = 让步
referent-need = 需求
referent-plan = 计划
referent-task = 任务
referent-criterion = 标准
referent-contact = 联系人
referent-colleague = 同事
