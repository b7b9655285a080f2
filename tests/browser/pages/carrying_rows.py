"""What was carried to a draft that came out; see ``table.py``."""

from tests.browser.pages.rows import DESK, ME, get

PAGE = "rounds/carried/{carried}/2/"
CARRYING = [
    *get(PAGE, *(f"{PAGE}?state={state}" for state in ("orphaned", "mapped", "exact")), roles=DESK),
    *get("rounds/carried/{carried}/1/", "rounds/{carried_from}/desk/", roles=DESK),
    *get(PAGE, roles=ME, status=403),
    *get(f"{PAGE}on/para_1/", "guidelines/{carried}/2/chp_1/"),
]
