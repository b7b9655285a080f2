"""The pages of the funding; see ``table.py``."""

from tests.browser.pages.rows import ME, OPEN, STAFF, get, post

ROOT = "roadmap/funding/"
LINE, PLEDGE = f"{ROOT}lines/{{cost_line}}/", f"{ROOT}transactions/{{pledge}}/"
PAID = f"{ROOT}transactions/{{funding}}/"
SCENARIO, RATE = f"{ROOT}scenarios/{{scenario}}/", f"{ROOT}rates/{{rate}}/withdraw/"
HIDDEN = (f"{ROOT}transactions/{{funding_hidden}}/", f"{ROOT}scenarios/{{scenario_hidden}}/")
OTHERS = tuple(role for role in OPEN if role != "staff")
FORMS = (
    *(f"{ROOT}lines/new/", f"{ROOT}lines/order/", f"{LINE}edit/", f"{ROOT}transactions/"),
    *(f"{ROOT}transactions/new/", f"{PAID}replace/", f"{ROOT}rates/", RATE, f"{ROOT}snapshots/new/"),
    *(f"{ROOT}scenarios/new/", f"{SCENARIO}edit/", f"{SCENARIO}lines/{{cost_line}}/"),
)
WRONG_LINE = {"title_en": "", "quantity": "-1", "unit_cost": "x", "on": "2199-01-01", "kind": "none"}
WRONG_ENTRY = {"amount": "0.001", "on": "2024-13-01", "currency": "XXX", "kind": "gift", "reason": ""}
FUNDING = [
    *get(ROOT, f"{ROOT}?at=2024-01-15", LINE, PLEDGE, PAID, f"{ROOT}snapshots/{{snapshot}}/", SCENARIO),
    *get(f"{ROOT}?at=soon", status=400),
    *get(*HIDDEN, roles=STAFF),
    *get(*HIDDEN, roles=OTHERS, status=404),
    *get(*FORMS, roles=STAFF),
    *get(*FORMS, roles=ME, status=403),
    post(f"{ROOT}lines/new/", WRONG_LINE, "staff"),
    post(f"{LINE}edit/", WRONG_LINE, "staff"),
    post(f"{ROOT}transactions/new/", WRONG_ENTRY, "staff"),
    post(f"{PAID}replace/", WRONG_ENTRY, "staff"),
    post(f"{ROOT}rates/", {"currency": "USD", "on": "x", "per_usd": "0"}, "staff"),
    post(RATE, {"reason": " "}, "staff"),
    post(f"{ROOT}snapshots/new/", {"title_en": "", "on": "2199-01-01"}, "staff"),
    post(f"{ROOT}scenarios/new/", {"title_en": "", "x": "1"}, "staff"),
    post(f"{SCENARIO}edit/", {"title_en": "", "x": "1"}, "staff"),
    post(f"{SCENARIO}lines/{{cost_line}}/", {"fate": "changed", "quantity": "0"}, "staff"),
]
