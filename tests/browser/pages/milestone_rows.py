"""The pages of the road map; see ``table.py``."""

from tests.browser.pages.rows import ME, OPEN, STAFF, get, post

PLAN, LATE = "roadmap/{milestone}/", "roadmap/{milestone_late}/"
WRONG_PLAN = {"title_en": "", "tentative_start": "2031-13-40", "actual_start": "2099-01-01", "state": "late"}
NEW_FORECAST = {"version": "2", "forecast_start": "2031-09-01", "reason": "Elections.", "look": "1"}
BROUGHT = ("plan.csv", b"title,planned_from,other\nA,2031-02,x\nB,soon,\n")
MILESTONES = [
    *get("roadmap/", "roadmap/?asof=2020-01-01", PLAN, LATE),
    *get("roadmap/?asof=soon", status=400),
    *get("roadmap/{milestone_hidden}/", roles=STAFF),
    *get("roadmap/{milestone_hidden}/", roles=tuple(role for role in OPEN if role != "staff"), status=404),
    *get("roadmap/new/", "roadmap/import/", f"{PLAN}edit/", f"{LATE}edit/", roles=STAFF),
    *get(f"{PLAN}forecast/", f"{LATE}drop/", roles=STAFF),
    *get("roadmap/new/", f"{PLAN}edit/", f"{PLAN}forecast/", roles=ME, status=403),
    post("roadmap/new/", WRONG_PLAN, "staff"),
    post(f"{PLAN}edit/", WRONG_PLAN, "staff"),
    post(f"{PLAN}forecast/", {"forecast_start": "x", "look": "1"}, "staff"),
    post(f"{PLAN}forecast/", NEW_FORECAST, "staff", status=200),
    post(f"{PLAN}drop/", {"reason": ""}, "staff"),
    post("roadmap/import/", {}, "staff"),
    post("roadmap/import/", {"file": BROUGHT}, "staff", status=200),
]
