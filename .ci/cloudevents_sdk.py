"""Posts events with the CloudEvents SDK of Python, structured and batched, and reads them back with it.

python cloudevents_sdk.py ADDRESS [TOKEN]
"""

import json
import sys
import urllib.request
from datetime import datetime, timezone

from cloudevents.core.bindings.http import HTTPMessage, from_structured_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

# What the ledger adds to an event.
ADDED = ("position", "sequence", "recordedtime", "actor", "bodyversion")

address, token = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
account = "sdk-" + ("guarded" if token else "open")


def ask(method, path, message=None):
    """Status and JSON of the answer to a request."""
    request = urllib.request.Request(address + path, method=method, data=message and message.body)
    for name, value in (message.headers if message else {}).items():
        request.add_header(name, value)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.load(answer)


def event(name, event_type, day, data):
    attributes = {
        "id": f"{account}-{name}",
        "source": "crm",
        "type": event_type,
        "subject": account,
        "time": datetime(2026, 3, day, 9, tzinfo=timezone.utc),
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes, data)


def batch(events):
    """The SDK has no batches; a batch is the list of its structured events (JSON format of CloudEvents, section 4)."""
    body = b"[" + b",".join(JSONFormat().write(event) for event in events) + b"]"
    return HTTPMessage({"content-type": "application/cloudevents-batch+json"}, body)


def read_back(position):
    """An event of the ledger, read by the SDK: its attributes without those that the ledger added, and its data."""
    status, recorded = ask("GET", f"/v1/events/{position}")
    assert status == 200, status
    assert recorded["position"] == position, recorded
    sent = {name: value for name, value in recorded.items() if name not in ADDED}
    message = HTTPMessage({"content-type": "application/cloudevents+json"}, json.dumps(sent).encode())
    return from_structured_event(message)


def same(read, sent):
    """Whether an event came back as it was sent; the ledger does not repeat that its data are JSON."""
    attributes = dict(sent.get_attributes())
    attributes.pop("datacontenttype")
    return dict(read.get_attributes()) == attributes and read.get_data() == sent.get_data()


def post(message, events):
    """Posts events and gives where they stand."""
    status, answer = ask("POST", "/v1/events", message)
    assert status == 201, (status, answer)
    told = [(line["id"], line["duplicate"]) for line in answer["events"]]
    assert told == [(event.get_id(), False) for event in events], answer
    return [line["position"] for line in answer["events"]]


opened = event("1", "account.opened", 2, {"name": "SDK"})
noted = event("2", "note.taken", 3, {"text": "posted by the SDK"})
ordered = event("3", "order.placed", 4, {"order": account, "amount": {"amount": "12500.00", "currency": "CNY"}})

positions = post(to_structured_event(opened), [opened])
positions += post(batch([noted, ordered]), [noted, ordered])
assert positions == list(range(positions[0], positions[0] + 3)), positions
for position, sent in zip(positions, [opened, noted, ordered]):
    read = read_back(position)
    assert same(read, sent), (read.get_attributes(), read.get_data(), sent.get_attributes(), sent.get_data())
status, answer = ask("POST", "/v1/events", batch([noted, ordered]))
assert status == 200 and all(line["duplicate"] for line in answer["events"]), (status, answer)
_, listed = ask("GET", f"/v1/events?account={account}")
assert [event["id"] for event in listed["events"]] == [f"{account}-{n}" for n in (1, 2, 3)], listed
print(f"1 structured event and a batch of 2 at the positions {positions}, and back")
