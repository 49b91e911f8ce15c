# 指标是否可信：`guanxi backtest`、`calibrate` 与 `anchors`。

occasion-order = 下单
occasion-bid = 就投标作出决定
occasion-contact = 与我方双向沟通

backtest-title = 客户会否在 { $days } 天内{ $occasion }？以 { $from } 至 { $to } 的历史检验；{ $clock }。
backtest-occurred = 每个截点计入当时已发生的一切（按 { $known } 所知）
backtest-as-known = 每个截点仅计入当时已记录的内容
backtest-cutoff = 截点 { $day }：{ $accounts } 个客户，{ $returned } 个再次成交。前景拟合：{ $fit }
backtest-fit = b0 { $b0 }，bS { $bs }，bM { $bm }，bL { $bl }，样本 { $rows } 行
backtest-unfitted = 采用政策默认值
backtest-unfitted-since = 采用政策默认值：{ $reason }
backtest-mean = { $count } 个截点的平均
backtest-reliability = 前景的可靠性（按客户十分位）
backtest-stages = 各阶段客户的再次成交情况（按截点时的阶段）
backtest-against = 与{ $name }相比：排序上前景{ $ranking }（AUC { $auc }），概率上{ $probability }（Brier { $brier }）。
backtest-lead = { $lead }，标准误 { $error }
backtest-unknown = 未知
backtest-in-order = 再次成交率与阶段次序一致：{ $shares }。
backtest-out-of-order = 再次成交率与阶段次序不一致：{ $shares }。
backtest-incomplete = 并非每个阶段都有客户：{ $shares }。
backtest-share = { $stage } { $share }
backtest-none = 无客户

place-ahead = 更优
place-level = 相当
place-behind = 较差
place-unknown = 无从比较

competitor-outlook = 前景
competitor-recency = 最近成交
competitor-frequency = 成交频次
competitor-rfm = RFM 积分
competitor-bgnbd = BG/NBD 模型
competitor-mbgnbd = MBG/NBD 模型

too-few = 较早截点仅有 { $rows } 个客户，其中 { $returned } 个在窗口内成交；拟合至少需要 { $rows_min } 个，且两类各 { $class_min } 个

calibrate-title = 客户会否在 { $days } 天内下单？截至 { $as_of } 拟合。
calibrate-unfitted = 未能拟合：{ $reason }。
calibrate-recorded = 已记录（位置 { $position }）：自 { $as_of } 起生效。
calibrate-unrecorded = 尚未记录：加 --record 使其生效。
calibrate-b0 = 截距
calibrate-bs = 衰减后的下单日数，ln(1 + S180)
calibrate-bm = 衰减后的金额，ln(1 + M365/m0)
calibrate-bl = 自身节奏，P_act 的 logit
calibrate-m0 = 衰减后金额的中位数
calibrate-rows = 截点 { $cutoffs }：{ $rows } 行样本，窗口内下单 { $returned } 行，未下单 { $others } 行。
calibrate-rows-seasonal = 截点 { $cutoffs }（最后一个仅用于截距）：{ $rows } 行样本，窗口内下单 { $returned } 行，未下单 { $others } 行。
calibrate-in-sample = 样本内：Brier { $brier }。
calibrate-trial = 样本外：同样的拟合截至 { $day }，以其后情况检验：{ $rows } 个客户中 { $returned } 个下单，Brier { $brier }；若一律取同一概率则为 { $flat }。
calibrate-proposal = 由 { $accounts } 个客户（{ $repeated } 个有复购）的节奏，可建议如下政策参数（采用之前不起作用）：

anchor-m0 = 衰减后年金额的中位数
anchor-v0 = 年销售额中位数（平滑后）
anchor-v1 = 年销售额第 95 百分位（平滑后）
anchor-gap = 订单间隔天数的中位数
anchor-win-rate = 已决投标的中标比例
anchor-experience = 供其他客户比较的样本
anchor-word-win-rate = 中标率
anchor-word-experience = 经历样本
anchor-counts = 良好 { $good }，其他 { $other }
anchors-frozen-now = 已为 { $quarter } 冻结（位置 { $position }）。
anchors-frozen = 此前已为 { $quarter } 冻结。
anchors-measured = 于 { $quarter } 季初测得，尚未冻结。
