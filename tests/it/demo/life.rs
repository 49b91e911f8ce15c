//! The life of one account with us: what its days are made of.

use serde_json::{Value, json};

use super::cast::{Account, DELIVERY, SERVICE, SOLUTION, account};
use super::tale::{Name, Recording, Tale, date};

/// Tells the life of one account.
#[derive(Debug)]
pub(super) struct Life<'t> {
    pub(super) tale: &'t mut Tale,
    pub(super) account: &'static Account,
    /// Aliases of the people on the other side who have not left, the decider first.
    pub(super) people: Vec<String>,
    pub(super) owner: &'static str,
    named: usize,
}

/// How a delivery is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    Good,
    Late,
    Defects,
    Rejected,
}

/// What becomes of a promise of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Kept so many days after it was due; before, when negative.
    Kept(i64),
    Broken(i64),
    Open,
}

const ROLES: [&str; 5] = ["decision", "technical", "champion", "user", "purchasing"];
const TITLES: [[&str; 5]; 2] = [
    ["总经理", "总工程师", "生产部长", "车间主任", "采购经理"],
    ["Managing Director", "Chief Engineer", "Head of Production", "Line Manager", "Purchasing Manager"],
];

impl<'t> Life<'t> {
    /// Opens the account, with its owner, a solution seller and `known` people.
    pub(super) fn begin(
        tale: &'t mut Tale,
        id: &str,
        opened: i64,
        known: usize,
        parent: Option<&str>,
    ) -> Self {
        let account = account(id);
        let mut life = Self { tale, account, people: Vec::new(), owner: account.owner, named: 0 };
        life.tell("account.opened", opened, &account.opening(parent));
        life.assign(opened, life.owner, "owner");
        if known > 1 {
            life.assign(opened + 3, life.one_of(SOLUTION), "solution_sales");
        }
        for role in 0..known {
            let met = if role < 2 { 0 } else { 20 * i64::try_from(role).expect("few roles") };
            life.meet_somebody(opened + met, role % 5);
        }
        life
    }

    fn one_of(&self, pair: [&'static str; 2]) -> &'static str {
        pair[usize::from(self.account.abroad())]
    }

    /// Tells an event on a day.
    pub(super) fn tell(&mut self, kind: &str, day: i64, data: &Value) -> Option<Name> {
        self.tell_recorded(kind, day, Recording::Usual, data)
    }

    pub(super) fn tell_recorded(
        &mut self,
        kind: &str,
        day: i64,
        how: Recording,
        data: &Value,
    ) -> Option<Name> {
        // The first event is there before all others.
        let how = if kind == "account.opened" { Recording::After(0) } else { how };
        let minute = self.tale.working_minute(day);
        let minute = if kind == "account.opened" { minute - minute % 1_440 + 480 } else { minute };
        self.tale.tell(self.account.id, kind, minute, how, data)
    }

    /// A name for a thing, such as `nordwind-order-3`.
    pub(super) fn name(&mut self, what: &str) -> String {
        self.named += 1;
        format!("{}-{what}-{}", self.account.id, self.named)
    }

    pub(super) fn money(&self, amount: i64) -> Value {
        json!({ "amount": format!("{amount}.00"), "currency": self.account.currency })
    }

    pub(super) fn assign(&mut self, day: i64, who: &'static str, role: &str) {
        self.tell("team.assigned", day, &json!({ "person": who, "role": role }));
        if role == "owner" {
            self.owner = who;
        }
    }

    pub(super) fn hand_over(&mut self, day: i64, to: &'static str) {
        let data = json!({ "person": self.owner, "role": "owner" });
        self.tell("team.released", day, &data);
        self.assign(day, to, "owner");
    }

    /// A person becomes known in a role, and stands behind those known.
    pub(super) fn meet_somebody(&mut self, day: i64, role: usize) -> String {
        let number = usize::try_from(self.tale.dice.below(1_000_000)).expect("a small number") % 320;
        let (mut alias, name) = self.account.person(number);
        alias.push('@');
        alias.push_str(self.account.id);
        let title = TITLES[usize::from(self.account.abroad())][role];
        let mut data = json!({
            "contact": alias, "name": name, "side": "customer", "role": ROLES[role], "title": title,
        });
        if role == 4 {
            data["email"] = format!("purchasing@{}.example", self.account.id).into();
        }
        self.tell_recorded("contact.added", day, Recording::After(0), &data);
        self.people.push(alias.clone());
        alias
    }

    pub(super) fn lose(&mut self, day: i64, who: &str) {
        self.tell("contact.left", day, &json!({ "contact": who }));
        self.people.retain(|alias| alias != who);
    }

    /// A meeting with so many of the people known.
    pub(super) fn meet(&mut self, day: i64, channel: &str, with: usize, topic: &str) -> Option<Name> {
        self.meet_recorded(day, channel, with, topic, Recording::Usual)
    }

    pub(super) fn meet_recorded(
        &mut self,
        day: i64,
        channel: &str,
        with: usize,
        topic: &str,
        how: Recording,
    ) -> Option<Name> {
        let from = usize::try_from(self.tale.dice.below(8)).expect("a small number");
        let count = self.people.len();
        let customer: Vec<_> =
            (0..with.min(count)).map(|place| self.people[(from + place) % count].clone()).collect();
        let mut ours = vec![self.owner];
        if channel == "executive" {
            ours.push(super::cast::SPONSOR);
        } else if with > 1 && self.tale.chance(40) {
            ours.push(self.one_of(SOLUTION));
        }
        let mut data = json!({ "channel": channel, "ours": ours, "customer": customer });
        if !topic.is_empty() {
            data["topic"] = topic.into();
            data["minutes"] = (30 + 15 * self.tale.between(0, 6)).into();
        }
        if channel == "broadcast" {
            data["customer"] = json!(self.people);
        }
        self.tell_recorded("meeting.held", day, how, &data)
    }

    pub(super) fn plan_meeting(&mut self, day: i64, on: i64, topic: &str) {
        let minute = self.tale.working_minute(on);
        let data = json!({
            "channel": "visit", "ours": [self.owner], "customer": self.people.first(), "topic": topic,
        });
        let mut data = data;
        data["customer"] = json!(self.people.iter().take(1).collect::<Vec<_>>());
        // Recorded on the day of the arrangement, although it lies ahead.
        let early = day - minute.div_euclid(1_440);
        self.tale.tell(self.account.id, "meeting.planned", minute, Recording::After(early), &data);
    }

    /// An order with its delivery, invoice and payment, as far as they come before the end.
    pub(super) fn order(
        &mut self,
        day: i64,
        amount: i64,
        quality: Quality,
        paid_late: i64,
    ) -> Option<String> {
        let order = self.name("order");
        let data = json!({ "order": order, "amount": self.money(amount) });
        if self.tale.chance(2) {
            let mistyped = json!({ "order": order, "amount": self.money(amount * 10) });
            let told = self.tell("order.placed", day, &mistyped)?;
            self.tale.correct(self.account.id, &told, 12, "a digit too many", &json!({ "data": data }));
        } else {
            self.tell("order.placed", day, &data)?;
        }
        let takes = 18 + self.tale.between(0, 12);
        self.deliver(day + takes, day + 30, &order, quality);
        self.settle(day + takes + 2, amount, &order, paid_late);
        Some(order)
    }

    pub(super) fn deliver(&mut self, day: i64, due: i64, order: &str, quality: Quality) {
        let outcome = match quality {
            Quality::Good | Quality::Late => "accepted",
            Quality::Defects => "defects",
            Quality::Rejected => "rejected",
        };
        let day = if quality == Quality::Late { due + 9 } else { day };
        let data = json!({
            "delivery": self.name("delivery"), "order": order, "due": date(due), "outcome": outcome,
        });
        self.tell("delivery.completed", day, &data);
    }

    fn settle(&mut self, day: i64, amount: i64, order: &str, paid_late: i64) {
        let (invoice, amount) = (self.name("invoice"), self.money(amount));
        let data = json!({ "invoice": invoice, "amount": amount, "due": date(day + 30), "order": order });
        self.tell("invoice.issued", day, &data);
        self.tell("payment.received", day + 30 + paid_late, &json!({ "invoice": invoice, "amount": amount }));
    }

    /// A chance of business, our offer, and what became of it; `won`: `None` while it is open.
    pub(super) fn bid(&mut self, day: i64, amount: i64, title: &str, won: Option<bool>) -> String {
        let (opportunity, bid) = (self.name("opportunity"), self.name("bid"));
        let money = self.money(amount);
        let data = json!({
            "opportunity": opportunity, "title": title, "amount": money, "expected_close": date(day + 45),
        });
        self.tell("opportunity.opened", day - 35, &data);
        let rivals =
            if self.account.abroad() { ["Vantor", "Kestrel Drives"] } else { ["明川自动化", "Vantor"] };
        let data = json!({
            "bid": bid, "opportunity": opportunity, "amount": money, "competitors": rivals,
        });
        self.tell("bid.submitted", day, &data);
        let decided = day + 28 + self.tale.between(0, 20);
        match won {
            Some(true) => {
                self.tell("bid.won", decided, &json!({ "bid": bid, "amount": money, "reason": "service" }));
                let data = json!({
                    "contract": self.name("contract"), "amount": money, "bid": bid,
                    "starts": date(decided + 10), "expires": date(decided + 375),
                });
                self.tell("contract.signed", decided + 8, &data);
            }
            Some(false) => {
                let winner = rivals[usize::from(self.tale.chance(50))];
                self.tell("bid.lost", decided, &json!({ "bid": bid, "winner": winner, "reason": "price" }));
            }
            None => {}
        }
        bid
    }

    /// A promise of ours.
    pub(super) fn promise(&mut self, day: i64, due: i64, text: &str, fate: Fate) -> String {
        let commitment = self.name("promise");
        let data = json!({ "commitment": commitment, "by": "us", "due": date(due), "text": text });
        self.tell("commitment.made", day, &data);
        match fate {
            Fate::Kept(late) => {
                self.tell("commitment.kept", due + late, &json!({ "commitment": commitment }))
            }
            Fate::Broken(late) => {
                self.tell("commitment.broken", due + late, &json!({ "commitment": commitment }))
            }
            Fate::Open => None,
        };
        commitment
    }

    /// Something goes wrong, and is put right after so many days.
    pub(super) fn issue(&mut self, day: i64, severity: &str, takes: i64) -> String {
        let issue = self.name("issue");
        let mut data = json!({ "issue": issue, "severity": severity });
        if severity != "minor" {
            data["due"] = date(day + 5).into();
        }
        self.tell("issue.raised", day, &data);
        self.tell("issue.resolved", day + takes, &json!({ "issue": issue }));
        issue
    }

    pub(super) fn concede(&mut self, day: i64, form: &str, cost: i64, reason: &str) {
        let data = json!({
            "concession": self.name("concession"), "by": "us", "form": form, "cost": self.money(cost),
            "reason": reason,
        });
        self.tell("concession.granted", day, &data);
    }

    pub(super) fn customer_concedes(&mut self, day: i64, form: &str, reason: &str) {
        let data = json!({
            "concession": self.name("concession"), "by": "customer", "form": form, "reason": reason,
        });
        self.tell("concession.granted", day, &data);
    }

    pub(super) fn favour(&mut self, day: i64, form: &str) {
        self.tell("favour.received", day, &json!({ "form": form }));
    }

    pub(super) fn reference(&mut self, day: i64, form: &str, led_to: Option<&str>) {
        let mut data = json!({ "form": form });
        if let Some(account) = led_to {
            data["led_to"] = account.into();
        }
        self.tell("reference.given", day, &data);
    }

    pub(super) fn feedback(&mut self, day: i64, csat: u8, nps: u8) {
        let mut data = json!({ "csat": csat, "nps": nps });
        if let Some(who) = self.people.first() {
            data["contact"] = who.as_str().into();
        }
        self.tell("feedback.given", day, &data);
    }

    pub(super) fn benefit(&mut self, day: i64, value: i64) {
        let mut data = json!({ "value": self.money(value) });
        if let Some(who) = self.people.first() {
            data["contact"] = who.as_str().into();
        }
        self.tell("benefit.confirmed", day, &data);
    }

    /// A project from its need to its end; `outcome`: `None` while it goes on.
    pub(super) fn project(&mut self, day: i64, days: i64, title: &str, outcome: Option<&str>) -> String {
        let (need, project) = (self.name("need"), self.name("project"));
        self.tell("need.stated", day - 15, &json!({ "need": need, "text": title }));
        self.tell("project.opened", day, &json!({ "project": project, "title": title }));
        self.assign(day, self.one_of(DELIVERY), "delivery");
        if let Some(outcome) = outcome {
            self.tell("project.closed", day + days, &json!({ "project": project, "outcome": outcome }));
            self.assign(day + days, self.one_of(SERVICE), "service");
        }
        project
    }

    /// A plan of two objectives and how far the first has come.
    pub(super) fn plan(&mut self, day: i64, share: f64, progress: &[(i64, f64)]) {
        let data = json!({
            "plan": self.name("plan"), "budget": self.money(60_000), "horizon": date(day + 540),
            "objectives": [
                { "objective": "share", "measure": "share of wallet", "target": share, "due": date(day + 365) },
                { "objective": "visits", "measure": "visits a quarter", "target": 6.0, "due": date(day + 180) },
            ],
        });
        self.tell("plan.set", day, &data);
        for (later, value) in progress {
            self.tell("plan.progressed", day + later, &json!({ "objective": "share", "value": value }));
        }
    }

    pub(super) fn evaluate(&mut self, day: i64, findings: &str, adjustments: &[(&str, i64)]) {
        let adjustments: Vec<_> = adjustments
            .iter()
            .map(|(text, days)| json!({ "text": text, "owner": self.owner, "due": date(day + days) }))
            .collect();
        self.tell("account.evaluated", day, &json!({ "findings": findings, "adjustments": adjustments }));
    }

    pub(super) fn assess(&mut self, day: i64, dimension: &str, value: f64, reason: &str) {
        self.tell(
            "assessment.made",
            day,
            &json!({ "dimension": dimension, "value": value, "reason": reason }),
        );
    }

    pub(super) fn wallet(&mut self, day: i64, amount: i64, reason: &str) {
        let data = json!({ "dimension": "potential", "wallet": self.money(amount), "reason": reason });
        self.tell("assessment.made", day, &data);
    }

    pub(super) fn effort(&mut self, day: i64, hours: f64) {
        self.tell("effort.spent", day, &json!({ "person": self.owner, "hours": hours }));
    }

    pub(super) fn note(&mut self, day: i64, text: &str) {
        self.tell("note.taken", day, &json!({ "text": text }));
    }

    pub(super) fn treat(&mut self, day: i64, value: i64, approval: &str) {
        let data = json!({
            "value": { "amount": format!("{value}.00"), "currency": "CNY" },
            "persons": self.people.iter().take(2).collect::<Vec<_>>(), "approval": approval,
        });
        self.tell("hospitality.given", day, &data);
    }
}
