//! The walk against dates worked out by hand. Days count from an arbitrary noon; figures that are not round come
//! from the formulas of the specification, solved for the date in another language.

use super::happening::{DAY, HOUR, Happened, Happening, Key};
use super::sums::{contact_days, order_days, trend};
use super::walk::Stage::{self, Acquisition, Churn, Decline, Growth, Maturity};
use super::walk::{Arrived, walk};

/// 2020-01-06T04:00:00Z, a noon in Asia/Shanghai.
const NOON: i64 = 1_578_283_200_000_000;

fn on(day: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the days of the examples are few")]
    let micros = (day * DAY as f64).round() as i64;
    NOON + micros
}

fn event(day: f64, what: Happening) -> Happened {
    Happened { at: on(day), what }
}

/// Orders of so much on such a day, numbered from 0, after an opening on day 0.
fn orders(orders: &[(f64, f64)]) -> Vec<Happened> {
    let placed = (0..).zip(orders).map(|(id, (day, amount))| {
        let amount = *amount;
        event(*day, Happening::Order { id, amount })
    });
    std::iter::once(event(0.0, Happening::Opened)).chain(placed).collect()
}

/// `count` orders 30 days apart from day 0 on, each `factor` of the one before.
fn monthly(count: u8, first: f64, factor: f64) -> Vec<(f64, f64)> {
    (0..count).map(|i| (30.0 * f64::from(i), first * libm::pow(factor, f64::from(i)))).collect()
}

fn at(events: &[Happened], day: f64) -> Arrived {
    walk(events, on(day)).unwrap()
}

/// Checks the transitions up to `until`, each date to 3 microseconds beyond the six decimals it is written with.
#[track_caller]
fn check(events: &[Happened], until: f64, wanted: &[(Stage, Stage, f64)]) {
    let found = at(events, until).transitions;
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for (found, (from, to, day)) in found.iter().zip(wanted) {
        assert_eq!((found.from, found.to), (*from, *to), "{found:?}");
        let off = (found.at - on(*day)).abs();
        assert!(off <= 3, "{found:?} is {off} microseconds off");
    }
}

/// The trend of a history at its day `day`, over everything.
#[track_caller]
fn check_trend(events: &[Happened], day: f64, wanted: f64) {
    let everything: Key = (i64::MIN, 0);
    let found = trend(&super::happening::placed(events, i64::MAX), everything, on(day));
    assert!((found - wanted).abs() < 1e-12, "{found} on day {day}, not {wanted}");
}

#[test]
fn no_event_no_stage() {
    assert_eq!(walk(&[], NOON), None);
    assert_eq!(walk(&orders(&[]), NOON - 1), None);
    assert_eq!(at(&orders(&[]), 0.0).stage, Acquisition);
}

#[test]
fn one_order_then_silence_is_churn_after_540_days() {
    let events = orders(&[(10.0, 100.0)]);
    check(&events, 549.999, &[]);
    check(&events, 550.0, &[(Acquisition, Churn, 550.0)]);
    let next = at(&events, 100.0).next.unwrap();
    assert_eq!((next.to, next.at), (Churn, on(550.0)));
}

/// The silence that is churn for two orders 30 days apart, computed apart from the code.
const CHURNED: f64 = 408.526_468_254_967_6;

/// N = 1, G = 30: watch 90 (.25^(-1/1.75) - 1) = 108.736112461286, decline 90 (.1^(-1/1.75) - 1) =
/// 245.483434828345, churn 90 (.05^(-1/1.75) - 1) = 408.526468254968; all from day 30.
#[test]
fn two_orders_then_silence() {
    let events = orders(&[(0.0, 100.0), (30.0, 100.0)]);
    let (declined, churned) = (30.0 + 245.483_434_828_344_6, 30.0 + CHURNED);
    check(
        &events,
        600.0,
        &[(Acquisition, Maturity, 60.0), (Maturity, Decline, declined), (Decline, Churn, churned)],
    );
    assert!(!at(&events, 138.736_112_4).watch);
    assert!(at(&events, 138.736_112_5).watch);
    assert!(!at(&events, 300.0).watch);
}

/// The order on day 600 has n = 1; the one on day 630 makes N = 2.264626025257634 and G = 578.034370190784, a mean
/// gap of 255.244956007703: the caps are 1.25, 2 and 3 of it, and `s_theta` is 372.5, 731.5 and 1085.5.
#[test]
fn won_back_after_churn_with_caps_from_the_own_gap() {
    let events = orders(&[(0.0, 100.0), (30.0, 100.0), (600.0, 100.0), (630.0, 100.0)]);
    let gap = 255.244_956_007_702_94;
    check(
        &events,
        1_400.0,
        &[
            (Acquisition, Maturity, 60.0),
            (Maturity, Decline, 275.483_434_828_344_6),
            (Decline, Churn, 30.0 + CHURNED),
            (Churn, Acquisition, 600.0),
            (Acquisition, Maturity, 660.0),
            (Maturity, Decline, 630.0 + 2.0 * gap),
            (Decline, Churn, 630.0 + 3.0 * gap),
        ],
    );
    assert!(at(&events, 600.0).won_back && at(&events, 659.0).won_back && !at(&events, 660.0).won_back);
    assert!(!at(&events, 949.0).watch && at(&events, 949.1).watch); // 630 + 1.25 gaps = 949.056
}

/// Twenty orders: N = 11.940277884564, G = 358.208336536923; decline after 83.201866070354 days; S = .05 after
/// 111.4 days, but churn not before 210.
#[test]
fn a_steady_buyer_makes_no_transition_after_maturity() {
    let events = orders(&monthly(20, 100.0, 1.0));
    check(&events, 570.0 + 83.2, &[(Acquisition, Maturity, 60.0)]);
    check(
        &events,
        800.0,
        &[
            (Acquisition, Maturity, 60.0),
            (Maturity, Decline, 570.0 + 83.201_866_070_353_72),
            (Decline, Churn, 570.0 + 210.0),
        ],
    );
}

/// Doubling each month: f = 180 on day 60 (1 + 2^(-1/6) + 2^(-1/3) = 2.68; with 90 it is 2.42), 90 from day 90 on;
/// ln 1.2 = .1823 is passed on days 150 and 180. N = 6.16, G = 184.9 after day 210; S = .05 before its floor of 210 days.
#[test]
fn a_doubling_buyer_grows() {
    let events = orders(&monthly(8, 100.0, 2.0));
    for (day, wanted) in [
        (0.0, 0.0),
        (30.0, 0.0),
        (60.0, 0.017_825_652_653_118_85),
        (90.0, 0.085_467_546_372_955_92),
        (150.0, 0.196_995_027_687_314_97),
        (180.0, 0.254_437_885_615_362_35),
    ] {
        check_trend(&events, day, wanted);
    }
    check(
        &events,
        421.0,
        &[
            (Acquisition, Maturity, 60.0),
            (Maturity, Growth, 180.0),
            (Growth, Decline, 210.0 + 97.868_130_014_510_23),
            (Decline, Churn, 210.0 + 210.0),
        ],
    );
}

/// .6 of it each month: g = -.2989 <= ln .75 = -.2877 on day 180. Then two orders of 5000: g = .2455 > ln .85 on
/// day 240 (only one occasion growing), .3615 on day 270 (both growing, 30 days in the stage).
#[test]
fn a_shrinking_buyer_declines_and_recovers() {
    let mut placed = monthly(8, 1_000.0, 0.6);
    placed.extend([(240.0, 5_000.0), (270.0, 5_000.0)]);
    let events = orders(&placed);
    check_trend(&events, 150.0, -0.226_847_318_501_575_5);
    check_trend(&events, 180.0, -0.298_918_062_023_062_54);
    check_trend(&events, 240.0, 0.245_453_049_058_448_75);
    check_trend(&events, 270.0, 0.361_520_253_508_326_23);
    check(
        &events,
        481.0,
        &[
            (Acquisition, Maturity, 60.0),
            (Maturity, Decline, 180.0),
            (Decline, Maturity, 240.0),
            (Maturity, Growth, 270.0),
            (Growth, Decline, 270.0 + 92.572_971_768_646_18),
            (Decline, Churn, 270.0 + 210.0),
        ],
    );
}

/// Doubling to day 180, then 9000 returned on day 185 and a small order on day 190. Returned by name it is taken
/// from the order of day 180, g = -.2131: maturity, 14 days after growth began. Unnamed it stands on day 185,
/// g = -.4121: decline at once.
#[test]
fn a_return_lowers_the_trend_where_it_stands() {
    let mut placed = monthly(7, 100.0, 2.0);
    placed.push((190.0, 100.0));
    for (order, wanted) in [(Some(6), -0.213_138_714_101_158_67), (None, -0.412_067_211_526_276_1)] {
        let mut events = orders(&placed);
        events.push(event(185.0, Happening::Return { order, amount: 9_000.0 }));
        check_trend(&events, 190.0, wanted);
        let turn = if order.is_some() { (Growth, Maturity, 194.0) } else { (Growth, Decline, 190.0) };
        check(&events, 200.0, &[(Acquisition, Maturity, 60.0), (Maturity, Growth, 180.0), turn]);
    }
}

/// Steady at 100; 300 returned on day 100 of the order of day 90: -200 are left of it there. 5000 returned unnamed:
/// both sums are floored at 0, g = 0. A return before its order counts at its own time until the order is known.
#[test]
fn returns_larger_than_the_order_and_before_it() {
    let with = |day, order, amount| {
        let mut events = orders(&monthly(8, 100.0, 1.0));
        events.push(event(day, Happening::Return { order, amount }));
        events
    };
    check_trend(&with(100.0, Some(3), 300.0), 120.0, -0.596_292_133_552_707_7);
    check_trend(&with(100.0, None, 5_000.0), 120.0, 0.0);
    let before = with(100.0, Some(5), 100.0);
    check_trend(&before, 120.0, -0.107_247_117_706_280_47);
    check_trend(&before, 150.0, -0.084_319_202_903_239_88);
}

/// Four orders within 30 days, 300 returned unnamed: g = -.6508 on day 30. At an age of 60 days the account is
/// mature, and in decline at the same instant.
#[test]
fn stages_of_no_length_are_recorded() {
    let mut events = orders(&[(0.0, 100.0), (10.0, 100.0), (20.0, 100.0), (30.0, 100.0)]);
    events.push(event(25.0, Happening::Return { order: None, amount: 300.0 }));
    check_trend(&events, 30.0, -0.650_832_349_781_823_8);
    let settled = [(Acquisition, Maturity, 60.0), (Maturity, Decline, 60.0)];
    check(&events, 61.0, &settled);
    assert_eq!(at(&events, 50.0).next.map(|next| next.to), Some(Maturity));
}

/// Three orders, 230 returned: the trend says decline, but n < 4. The silence does, after 79.81 (.1^(-1/2.73) - 1)
/// = 105.630284698 days.
#[test]
fn three_orders_are_too_few_for_a_decline_by_trend() {
    let mut events = orders(&[(0.0, 100.0), (10.0, 100.0), (20.0, 100.0)]);
    events.push(event(15.0, Happening::Return { order: None, amount: 230.0 }));
    check_trend(&events, 20.0, -0.744_818_454_768_172_8);
    check(&events, 140.0, &[(Acquisition, Maturity, 60.0), (Maturity, Decline, 125.630_284_698_395_64)]);
}

#[test]
fn several_orders_of_a_day_are_one_occasion_at_the_first() {
    let before_midnight = 0.5 - 1.0 / DAY as f64;
    let events = orders(&[(0.0, 1.0), (0.1, 1.0), (before_midnight, 1.0)]);
    check(&events, 560.0, &[(Acquisition, Churn, 540.0)]);
    let events = orders(&[(0.0, 1.0), (0.5, 1.0)]);
    let declined = 0.5 + 166.383_216_939_211_34; // a gap counts as a day at least: 61 (.1^(-1/1.75) - 1)
    check(&events, 170.0, &[(Acquisition, Maturity, 60.0), (Maturity, Decline, declined)]);
    let placed = super::happening::placed(&events, i64::MAX);
    assert_eq!(order_days(&placed, (i64::MIN, 0)), [NOON, NOON + 12 * HOUR]);
}

/// Two-way contacts on days 0 and 7: N = 1, G = 7, so 28 (.02^(-1/2) - 1) = 169.989898732233 days of silence.
#[test]
fn an_account_without_orders_stalls() {
    let mut events = orders(&[]);
    assert!(!at(&events, 269.999).stalled && at(&events, 270.0).stalled);
    for (day, two_way) in [(0.0, true), (7.0, true), (50.0, false)] {
        events.push(event(day, Happening::Meeting { two_way }));
    }
    assert_eq!(contact_days(&super::happening::placed(&events, i64::MAX)), [on(0.0), on(7.0)]);
    assert!(!at(&events, 176.989_898).stalled && at(&events, 176.989_899).stalled);
    events.push(event(200.0, Happening::Closed));
    assert!(!at(&events, 250.0).stalled, "only while in acquisition");
    events.push(event(300.0, Happening::Reopened));
    assert!(!at(&events, 469.989_898).stalled && at(&events, 469.989_899).stalled);
    assert_eq!(at(&events, 500.0).next, None);
    check(&events, 500.0, &[(Acquisition, Churn, 200.0), (Churn, Acquisition, 300.0)]);
    assert!(!at(&events, 310.0).won_back);
}

#[test]
fn the_events_of_one_instant_are_applied_before_any_condition_is_tested() {
    let order = |id| Happening::Order { id, amount: 10.0 };
    let check_at_once = |what: [Happening; 2], turns: &[(Stage, Stage, f64)]| {
        let mut events = orders(&[(0.0, 10.0), (30.0, 10.0)]);
        events.extend(what.map(|what| event(70.0, what)));
        check(&events, 70.0, &[&[(Acquisition, Maturity, 60.0)], turns].concat());
    };
    let closed = (Maturity, Churn, 70.0);
    check_at_once([Happening::Closed, Happening::Reopened], &[]);
    check_at_once([Happening::Reopened, Happening::Closed], &[closed]);
    check_at_once([Happening::Closed, order(8)], &[]);
    check_at_once([order(8), Happening::Closed], &[closed]);
}

/// n and age restart: the order of day 110 is the first since the reopening on day 100, and alone.
#[test]
fn a_reopened_account_begins_again() {
    let mut events = orders(&[(0.0, 10.0), (30.0, 10.0), (110.0, 10.0)]);
    events.push(event(90.0, Happening::Closed));
    events.push(event(100.0, Happening::Reopened));
    check(
        &events,
        651.0,
        &[
            (Acquisition, Maturity, 60.0),
            (Maturity, Churn, 90.0),
            (Churn, Acquisition, 100.0),
            (Acquisition, Churn, 650.0),
        ],
    );
}

#[test]
fn what_happened_before_the_opening_counts() {
    let mut events = orders(&[(0.0, 10.0), (20.0, 10.0)]);
    events[0].at = on(30.0);
    let arrived = at(&events, 60.0);
    assert_eq!((arrived.stage, arrived.since), (Maturity, on(60.0)));
    events.truncate(1);
    events.push(event(0.0, Happening::Noted));
    assert!(at(&events, 270.0).stalled);
}
