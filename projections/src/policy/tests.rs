use super::*;

fn changed(from: &str, to: &str) -> Result<Policy, InvalidPolicy> {
    assert!(DEFAULT_TOML.contains(from), "the default policy has no `{from}`");
    Policy::from_toml(&DEFAULT_TOML.replacen(from, to, 1))
}

#[track_caller]
fn refuses(from: &str, to: &str, says: &str) {
    assert_eq!(changed(from, to).unwrap_err().to_string(), says);
}

#[test]
fn the_default_policy_has_its_values() {
    let policy = Policy::default_policy();
    assert_eq!(policy.version, 1);
    assert_eq!(policy.money.reporting_currency.as_str(), "CNY");
    let orders = policy.rhythm.orders;
    assert_eq!((orders.r, orders.alpha_days, orders.a, orders.b), (0.75, 60.0, 0.05, 5.0));
    let contacts = policy.rhythm.contacts;
    assert_eq!((contacts.r, contacts.alpha_days, contacts.a, contacts.b), (1.0, 21.0, 0.05, 10.0));
    let dates = policy.stage.silence;
    let values = |date: stage::SilencePolicy| (date.survival, date.floor_days, date.cap_days, date.cap_gaps);
    assert_eq!(values(dates.watch), (0.25, 30.0, 270.0, 1.25));
    assert_eq!(values(dates.decline), (0.10, 45.0, 365.0, 2.0));
    // Measured on real logs: the file says why.
    assert_eq!(values(dates.churn), (0.05, 210.0, 540.0, 3.0));
}

#[test]
fn a_policy_survives_its_own_toml() {
    let policy = Policy::default_policy();
    assert_eq!(Policy::from_toml(&toml::to_string(&policy).unwrap()), Ok(policy));
}

#[test]
fn a_refusal_names_the_field_and_the_reason() {
    refuses("version = 1", "version = 0", "the policy's `version` must be 1 or more");
    refuses(
        "epsilon = 0.05",
        "epsilon = nan",
        "the policy's `stage.trend.epsilon` is NaN, but must be a number from 0.000001 to 1",
    );
    refuses(
        "alpha_days = 60",
        "alpha_days = inf",
        "the policy's `rhythm.orders.alpha_days` is inf, but must be a number from 0.01 to 36525",
    );
    refuses(
        "survival = 0.25",
        "survival = 1.0",
        "the policy's `stage.silence.watch.survival` is 1, but must be a number between 0 and 1, both excluded",
    );
    refuses(
        "floor_days = 30",
        "floor_days = 50",
        "the policy's `stage.silence.decline.floor_days` is 45, but must not be below \
         `stage.silence.watch.floor_days`, which is 50",
    );
    refuses(
        "survival = 0.10",
        "survival = 0.30",
        "the policy's `stage.silence.decline.survival` is 0.3, but must not be above \
         `stage.silence.watch.survival`, which is 0.25",
    );
    refuses(
        "ratio_recovered = 0.85",
        "ratio_recovered = 0.5",
        "the policy's `stage.decline.ratio_recovered` is 0.5, but must not be below `stage.decline.ratio`, \
         which is 0.75",
    );
    refuses(
        "half_lives_days = [90, 180, 360]",
        "half_lives_days = [90, 80, 360]",
        "the policy's `stage.trend.half_lives_days[1]` is 80, but must not be below \
         `stage.trend.half_lives_days[0]`, which is 90",
    );
    refuses(
        "years = 2",
        "years = 11",
        "the policy's `stage.seasonal.years` is 11, but must be a number from 1 to 10",
    );
    refuses(
        "occasions = 2",
        "occasions = 0",
        "the policy's `stage.growth.occasions` is 0, but must be a number from 1 to 1000000",
    );
    // Without a single case the share of a trait's value is 0 of 0.
    refuses(
        "cases_min = 5",
        "cases_min = 0",
        "the policy's `experience.cases_min` is 0, but must be a number from 1 to 1000000",
    );
}

#[test]
fn an_unreadable_field_is_named() {
    let field = |from: &str, to: &str| match changed(from, to) {
        Err(InvalidPolicy::Unreadable { field, reason }) => (field, reason),
        other => panic!("{other:?}"),
    };
    let (place, reason) = field("epsilon = 0.05", "epsilon = \"little\"");
    assert_eq!(place, "stage.trend.epsilon");
    assert!(reason.contains("expected f64"), "{reason}");
    let (place, reason) = field("epsilon = 0.05", "epsilon = 0.05\nepsilom = 0.05");
    assert_eq!(place, "stage.trend.epsilom");
    assert!(reason.contains("unknown field `epsilom`"), "{reason}");
    let (place, reason) = field("epsilon = 0.05", "");
    assert_eq!(place, "stage.trend");
    assert!(reason.contains("missing field `epsilon`"), "{reason}");
    let (place, _) = field("reporting_currency = \"CNY\"", "reporting_currency = \"yuan\"");
    assert_eq!(place, "money.reporting_currency");
    let (place, _) = field("occasions = 2", "occasions = -2");
    assert_eq!(place, "stage.growth.occasions");
    assert!(matches!(Policy::from_toml("version = = 1"), Err(InvalidPolicy::NotToml(_))));
}
