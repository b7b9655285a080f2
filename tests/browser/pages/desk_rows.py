"""The secretariat's desk, bracketed text and compilations; see ``table.py``."""

from tests.browser.pages.rows import DESK, ME, STAFF, get, post

ROUND = "rounds/{round}/"
PASTED = "Paragraph 1 speaks of [smart]{{FRA-}} [open]{{GHA+ KEN reserve}} cities[ and towns]."

AT_THE_DESK = [
    *get(f"{ROUND}compilations/", "rounds/{bare}/compilations/", roles=(*ME, *DESK)),
    *get("rounds/{secret}/compilations/", roles=ME, status=403),
    post(f"{ROUND}compilations/", {"kind": "other"}, "member", "staff"),
    *get(f"{ROUND}desk/", f"{ROUND}desk/?comment={{said}}", f"{ROUND}desk/?comment={{hidden}}", roles=DESK),
    *get(f"{ROUND}desk/?status=hidden", f"{ROUND}desk/?search=nothing-has-this", roles=DESK),
    *get("rounds/{bare}/desk/", "rounds/{published}/desk/", roles=DESK),
    *get(*(f"{ROUND}desk/{page}/" for page in ("people", "tags", "filters")), roles=DESK),
    *get(f"{ROUND}desk/work/?all=1&kind=substantive", f"{ROUND}desk/filters/?kind=substantive", roles=DESK),
    *get(f"{ROUND}desk/?kind=technical&spoken=ar&sort=support&assigned=nobody&tick=page", roles=DESK),
    post(f"{ROUND}desk/work/", {"all": "1", "act": "x", "count": "999", "filters": ""}, "staff", status=409),
    *get(f"{ROUND}desk/provisions/", f"{ROUND}desk/provisions/?all=1&text=ar", roles=DESK),
    *get(
        "rounds/{bare}/desk/provisions/", f"{ROUND}desk/progress/", "rounds/{bare}/desk/progress/", roles=DESK
    ),
    *get(*(f"{ROUND}desk/provisions/{key}/" for key in ("para_1", "chp_1", "whole-draft")), roles=DESK),
    *get(f"{ROUND}desk/provisions/para_1/?show=left&text=ar", roles=DESK),
    post(
        f"{ROUND}desk/answer/",
        {"comment": "{other}", "language": "xx", "filters": "at=para_1"},
        "drafter",
        "staff",
    ),
    *get(f"{ROUND}balance/", "rounds/{closed}/balance/", f"{ROUND}balance/remind/?states=on", roles=STAFF),
    post(f"{ROUND}balance/remind/", {"region": "nowhere", "key": "x"}, "staff"),
    post(f"{ROUND}desk/answer/", {"comment": "{other}", "language": "xx"}, "drafter", "staff"),
    *get(*(f"{ROUND}brackets/{part}" for part in ("", "chp_1/", "para_1/", "para_1/?text=ar")), roles=DESK),
    *get("rounds/{bare}/brackets/", f"{ROUND}brackets/para_1/paste/", roles=DESK),
    *get("rounds/{closed}/brackets/para_1/paste/", "rounds/{planned}/brackets/para_1/paste/", roles=STAFF),
    post(
        f"{ROUND}brackets/para_1/paste/",
        {"notation": "One [two {{FRA*}}", "version": "1"},
        "drafter",
        "staff",
    ),
    post(f"{ROUND}brackets/para_1/paste/?text=en", {"notation": PASTED, "version": "1"}, "staff", status=200),
    *get(f"{ROUND}brackets/paste/", f"{ROUND}brackets/chp_1/paste/", roles=DESK),
    post(
        f"{ROUND}brackets/chp_1/paste/?text=en",
        {"notation": f"1. {PASTED}\n\nAnd more."},
        "staff",
        status=200,
    ),
    post(f"{ROUND}brackets/paste/?text=en", {"notation": "1. One [two {{FRA*}}"}, "staff"),
    post(
        f"{ROUND}brackets/para_1/paste/?text=en",
        {"notation": PASTED, "version": "99", "confirm": "1"},
        "staff",
        status=409,
    ),
    post(
        f"{ROUND}desk/answer/",
        {"comment": "{said}", "outcome": "noted", "language": "en", "response": "Mine.", "version": "99"},
        "staff",
        status=409,
    ),
]
