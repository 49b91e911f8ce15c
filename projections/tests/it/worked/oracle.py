"""Writes worked.toml: one worked example per formula of the model, computed here by hand-written arithmetic that shares
nothing with the code under test. Run: python3 oracle.py > worked.toml

Days are counted from 2026-01-01T04:00:00Z, noon in the ledger's zone. The epoch of every example: m0 = 1000, v0 = 1000,
v1 = 9000, win rate .4; the account "friend" had ordered; of 10 good and 10 other accounts, 6 and 2 are in steel, 2 and 4
in food, 1 and 3 in chemistry, 1 and 1 in paper; experts add 2 and 3 to steel.
"""
import json
from datetime import datetime, timedelta, timezone
from math import exp, log

START = datetime(2026, 1, 1, 4, tzinfo=timezone.utc)


def at(day):
    return (START + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")


def d(h, x):
    return 2.0 ** (-x / h)


def k2(evidence, mu, k):
    w = sum(m for m, _ in evidence)
    y = sum(m * v for m, v in evidence)
    return {"value": 100 * (k * mu + y) / (k + w), "confidence": w / (k + w), "low": 100 * y / (k + w),
            "high": 100 * (k + y) / (k + w)}


def volume(q, days):
    c = 1 - d(90, days)
    return {"value": 100 * q, "confidence": c, "low": 100 * q, "high": 100 * (q + (1 - c) * (1 - q))}


def mix(*parts):
    return {field: sum(w * part[field] for w, part in parts) for field in ("value", "confidence", "low", "high")}


def cny(amount):
    return {"amount": str(amount), "currency": "CNY"}


def person(number):
    return "person:" + str(number)


CASES = []


def case(name, section, as_of, events, expect):
    CASES.append((name, section, as_of, [(0, "account.opened", {"name": "Acme"})] + events, expect))


def order(day, name, amount):
    return (day, "order.placed", {"order": name, "amount": cny(amount)})


# Section 3: three order days 30 d apart, read 45 d after the last; N = d(30) + 1, G = 30 N (h = 365).
n = d(365, 30) + 1
g = 30 * n
s = 45
survival = ((60 + g) / (60 + g + s)) ** (0.75 + n)
alive = 1 / (1 + (0.05 / (5 + 2)) / survival)
active = alive * (1 - ((60 + g + s) / (60 + g + s + 90)) ** (0.75 + n))
s180 = d(180, 105) + d(180, 75) + d(180, 45)
m365 = 100 * d(365, 105) + 200 * d(365, 75) + 300 * d(365, 45)
z = -2.0 + 1.6 * log(1 + s180) + 0.45 * log(1 + m365 / 1000) + 0.2 * log(active / (1 - active))
case("outlook", "3", 106, [order(1, "a", 100), order(31, "b", 200), order(61, "c", 300)],
     {"outlook": 1 / (1 + exp(-z))})
# Half of b goes back by name: its day counts half in S180, its amount half in M365, at its own time.
s180 = d(180, 105) + 0.5 * d(180, 75) + d(180, 45)
m365 = 100 * d(365, 105) + 100 * d(365, 75) + 300 * d(365, 45)
z = -2.0 + 1.6 * log(1 + s180) + 0.45 * log(1 + m365 / 1000) + 0.2 * log(active / (1 - active))
case("return by name", "1", 106,
     [order(1, "a", 100), order(31, "b", 200), order(61, "c", 300),
      (90, "order.returned", {"order": "b", "amount": cny(100)})], {"outlook": 1 / (1 + exp(-z))})

# Section 4: order days 30 d apart, of 100, 100, 100, 100, 1, 1. From the third on, K1 of days at h = 90 is at least 2.5,
# so f = 90 and s = 360. The first g at or below ln .75 with four order days begins decline.
def trend(amounts):
    age = 30 * (len(amounts) - 1)
    def rate(h):
        earlier = sum(amount * d(h, age - 30 * i) for i, amount in enumerate(amounts[:-1]))
        return (earlier + amounts[-1] / 2) / ((h / log(2)) * (1 - d(h, age)))
    e = 0.05 * rate(360)
    return log((rate(90) + e) / (rate(360) + e))
amounts = [100, 100, 100, 100, 1, 1, 1, 1]
count = next(n for n in range(4, 9) if trend(amounts[:n]) <= log(0.75))
case("trend", "4", 30 * (count - 1) + 2,
     [order(1 + 30 * i, f"o{i}", amount) for i, amount in enumerate(amounts[:count])],
     {"stage": "decline", "g": trend(amounts[:count])})

# Section 5.1, no order: a visit and an executive meeting on one day weigh 2 + 2 (of 3, the day's most is 4), a call 1,
# a message that nobody answered .1; k = .75.
met = lambda day, channel, **more: (day, "meeting.held", {"channel": channel, "ours": [], "customer": [], **more})
w = 4 * d(45, 29) + d(45, 19) + 0.1 * d(45, 9)
case("engagement", "5.1", 30, [met(1, "visit"), met(1, "executive"), met(11, "call"), met(21, "message", two_way=False)],
     {"engagement": volume(w / (w + 0.75), 30)})

# Section 5.2: a decision maker 20 d ago, a user 5 d ago, a third party's person 5 d ago at a half.
added = lambda who, side, role: (1, "contact.added", {"contact": person(who), "name": "AAAA", "side": side, "role": role})
seen = lambda day, who: (day, "meeting.held", {"channel": "call", "ours": [], "customer": [person(who)]})
r = 0.30 * d(60, 20) + 0.15 * d(60, 5)
e = d(60, 20) + d(60, 5) + 0.5 * d(60, 5)
case("coverage", "5.2", 30,
     [added(1, "customer", "decision"), added(2, "customer", "user"), added(3, "third_party", "decision"),
      seen(10, 1), seen(25, 2), seen(25, 3)],
     {"coverage": mix((0.6, volume(r, 30)), (0.4, volume(e / (e + 1.5), 30)))})

# Section 5.3: kept in time; critical and kept 7 d late; broken; moved once, open, due first on day 30, now on day 90;
# overdue since day 40; a customer's broken one does not count.
made = lambda name, due, by="us", **more: (1, "commitment.made", {"commitment": name, "by": by, "due": at(due), **more})
about = lambda day, kind, name: (day, "commitment." + kind, {"commitment": name})
T = 60
evidence = [(d(365, T - 10), 1), (4 * d(365, T - 27), d(14, 7)), (d(365, T - 12), 0),
            (1 - d(14, T - 30), 0.7 * 0.8), (1 - d(14, T - 40), 0)]
case("integrity", "5.3", T,
     [made("a", 20), made("b", 20, critical=True), made("c", 20), made("d", 30), made("e", 40), made("f", 20, by="customer"),
      about(10, "kept", "a"), about(27, "kept", "b"), about(12, "broken", "c"), about(12, "broken", "f"),
      (25, "commitment.moved", {"commitment": "d", "due": at(90)})],
     {"integrity": k2(evidence, 0.7, 4)})
# Twelve kept at once weigh 6, not 12.
case("integrity, most", "5.3", 10,
     [made(str(i), 20) for i in range(12)] + [about(10, "kept", str(i)) for i in range(12)],
     {"integrity": k2([(6, 1)], 0.7, 4)})

# Section 5.4.
h = lambda day: d(270, 40 - day)
case("benefit", "5.4", 40,
     [(1, "delivery.completed", {"delivery": "a", "outcome": "accepted"}),
      (2, "delivery.completed", {"delivery": "b", "outcome": "defects"}),
      (3, "delivery.completed", {"delivery": "c", "outcome": "rejected"}),
      (4, "feedback.given", {"csat": 4, "nps": 9}), (5, "benefit.confirmed", {}),
      (6, "benefit.confirmed", {"value": cny(5)}), (7, "project.closed", {"project": "p", "outcome": "partial"})],
     {"benefit": k2([(h(1), 1), (h(2), 0.5), (h(3), 0), (h(4), 0.75), (h(4), 0.9), (h(5), 1), (2 * h(6), 1),
                     (2 * h(7), 0.5)], 0.6, 3)})

# Section 5.5: u = .05 * 1000 = 50, so a cost of 100 weighs 2 and none weighs 1. Gains: a referral 2, a payment in time .2.
both = 1 / (1 / 365 + 1 / 90)
claim = log(1 + 2 * (d(365, 99) - d(both, 99)) + (d(365, 50) - d(both, 50)))
gain = 2 * d(365, 40) + 0.2 * d(365, 20)
goodwill = log(1 + 2 * d(60, 99) + d(60, 50))
given = lambda day, name, **more: (day, "concession.granted", {"concession": name, "by": "us", "form": "price", "reason": "r", **more})
case("reciprocity", "5.5", 100,
     [given(1, "a", cost=cny(100)), given(50, "b"), (60, "reference.given", {"form": "referral"}),
      (70, "invoice.issued", {"invoice": "i", "amount": cny(9), "due": at(85)}),
      (80, "payment.received", {"invoice": "i", "amount": cny(9)}),
      (90, "payment.received", {"invoice": "i", "amount": cny(9)})],
     {"reciprocity": mix((0.85, k2([(gain, 1), (claim, 0)], 0.5, 1)), (0.15, k2([(goodwill, 1)], 0.5, 2))),
      "exposure": claim / (gain + 1)})

# Section 5.6: minor, in time; major, due 8 d after it was raised, 4 d late: 2^-(4/8); minor, in time, reopened once, then
# overdue since day 20 + 10; critical, open, overdue since day 10 + 2.
issue = lambda day, kind, name, **more: (day, "issue." + kind, {"issue": name, **more})
f = lambda day: d(180, 50 - day)
case("service", "5.6", 50,
     [issue(1, "raised", "a", severity="minor"), issue(5, "resolved", "a"),
      issue(2, "raised", "b", severity="major", due=at(10)), issue(14, "resolved", "b"),
      issue(3, "raised", "c", severity="minor"), issue(6, "resolved", "c"), issue(20, "reopened", "c"),
      issue(10, "raised", "d", severity="critical")],
     {"service": k2([(f(5), 1), (2 * f(14), d(8, 4)), (f(6), 1 - 0.3), (1 - d(14, 20), 0), (4 * (1 - d(14, 38)), 0)],
                    0.75, 3)})

# Section 5, judgement: reciprocity without evidence is .5 with confidence 0; a word of .9 fades with 365 d.
w = d(365, 73)
base = mix((0.85, k2([], 0.5, 1)), (0.15, k2([], 0.5, 2)))
case("judgement", "5", 100,
     [(27, "assessment.made", {"dimension": "reciprocity", "value": 0.9, "reason": "AAAA"})],
     {"reciprocity": {"value": (base["value"] + 90 * w) / (1 + w), "confidence": w / (1 + w),
                      "low": 90 * w / (1 + w), "high": (100 + 90 * w) / (1 + w)}})

# Section 6: L(v) = ln(1 + v/1000)/ln(10), at most 1.
L = lambda v: min(1.0, log(1 + v / 1000) / log(10))
certain = lambda q: {"value": 100 * q, "confidence": 1.0, "low": 100 * q, "high": 100 * q}
m = 1000 * d(365, 499) + 0.5 * 3000 * d(365, 99)
case("sales", "6", 500, [order(1, "a", 1000), order(401, "b", 3000)],
     {"sales": certain(L(m * log(2) / (1 - d(365, 499))))})
case("potential", "6", 100,
     [(1, "assessment.made", {"dimension": "potential", "wallet": cny(4000), "reason": "AAAA"}),
      (10, "opportunity.opened", {"opportunity": "a", "amount": cny(2000)}),
      (11, "opportunity.opened", {"opportunity": "b", "amount": cny(9000)}),
      (12, "bid.submitted", {"bid": "x", "opportunity": "b"}), (20, "bid.lost", {"bid": "x"})],
     {"potential": k2([(d(365, 99), L(4000)), (d(365, 90), L(2000))], 0.5, 2)})
w = 2 * d(730, 99) + 3 * d(730, 90) + d(730, 70)
case("demonstration", "6", 100,
     [(1, "reference.given", {"form": "case_study"}), (10, "reference.given", {"form": "referral", "led_to": "friend"}),
      (20, "reference.given", {"form": "referral", "led_to": "stranger"}), (30, "reference.given", {"form": "call"})],
     {"demonstration": volume(w / (w + 3), 100)})
case("winnability", "6", 100,
     [(1, "bid.won", {"bid": "a"}), (2, "bid.lost", {"bid": "b"}), (3, "bid.lost", {"bid": "a"}),
      (10, "delivery.completed", {"delivery": "a", "outcome": "accepted", "due": at(12)}),
      (20, "delivery.completed", {"delivery": "b", "outcome": "accepted", "due": at(12)})],
     {"winnability": mix((0.5, k2([(d(545, 99), 1), (d(545, 98), 0)], 0.4, 4)),
                         (0.5, k2([(d(365, 90), 1), (d(365, 80), 0)], 0.8, 4)))})

# Section 8: steel, big; price weighs .5 and is rated .8. p = (6 + 2 + 1)/(10 + 10 + 4) for steel, 1/20 for a trait that
# nobody else has.
p = 9 / 24
steel = log((6 + 2 + 5 * p) / (10 + 2 + 5)) - log((2 + 3 + 5 * p) / (10 + 3 + 5))
fit = 1 / (1 + exp(-(log((11 / 22) / (11 / 22)) + steel + 0.0 + 0.5 * (0.8 - 0.5))))
case("experience", "8", 10,
     [(1, "account.updated", {"industry": "steel", "size": "big", "criteria": {"price": 0.5}}),
      (2, "strength.rated", {"criterion": "price", "value": 0.8})],
     {"potential": k2([], fit, 2)})


def main():
    print("# Written by oracle.py, which see. Change that, and run it again.")
    for name, section, as_of, events, expect in CASES:
        print(f'\n[[example]]\nname = "{name}"\nsection = "{section}"\nas_of = "{at(as_of)}"\nevents = [')
        for day, kind, data in events:
            print(f"  '{json.dumps({'time': at(day), 'type': kind, 'data': data})}',")
        print("]")
        for figure, value in expect.items():
            if isinstance(value, dict):
                inner = ", ".join(f"{field} = {float(number)!r}" for field, number in value.items())
                print(f"expect.{figure} = {{ {inner} }}")
            else:
                print(f"expect.{figure} = {json.dumps(value)}")


main()
