"""The pages of calls, nominations, screening, panels and hosting; see ``table.py``."""

from tests.browser.pages.rows import ME, NOBODY, SIGNED_IN, STAFF, get, post

CALL = "calls/{call}/"
WRONG_CALL = {"title_en": "", "zone": "CET", "opens_at": "2026-13-40", "closes_at": "2031-03-30T02:30"}
CALLS = [
    *get("calls/", CALL, "calls/{call_to_come}/", "calls/{call_over}/", "calls/{hosting}/"),
    *get("calls/{call_prepared}/", "calls/new/", f"{CALL}edit/", "calls/{call_prepared}/edit/", roles=STAFF),
    *get("calls/{call_prepared}/announce/", f"{CALL}close/", "calls/{call_over}/close/", roles=STAFF),
    *get(f"{CALL}reopen/", "calls/{call_prepared}/reopen/", roles=STAFF),
    *get(f"{CALL}edit/", "calls/new/", roles=ME, status=403),
    post("calls/new/", WRONG_CALL, "staff"),
    post(f"{CALL}edit/", WRONG_CALL, "staff"),
    post(f"{CALL}close/", {"reason": ""}, "staff"),
    post(f"{CALL}reopen/", {"closes_at": "2031-07-10"}, "staff"),
    post("calls/{call_over}/reopen/", {"country": "KEN", "closes_at": "2031-10-26T02:30"}, "staff"),
]

NOMINEE = "nominations/{begun}/"
NOMINATING = [
    *get("my/nominations/", roles=SIGNED_IN),
    *get("calls/{call}/apply/", roles=("participant", "member", "drafter", "staff", "admin")),
    *get("calls/{call}/country/", "calls/{call}/country/nominate/", roles=("focal",)),
    *get("calls/{call}/country/", "calls/{call}/region/", roles=ME, status=403),
    *get("calls/{call}/enter/", roles=STAFF),
    *get("nominations/{waits}/", roles=("member", "focal", "staff")),
    *get("nominations/{told}/", roles=("focal", "staff")),
    *get(NOMINEE, f"{NOMINEE}edit/", f"{NOMINEE}hand-in/", roles=ME),
    *get("nominations/invited/{nominee_token}/sign-up/", roles=NOBODY),
    *get("nominations/invited/{nominee_token}/", roles=NOBODY),
    *get("nominations/invited/{nominee_token}/", roles=ME, status=403),
    *get("nominations/invited/nothing/", roles=NOBODY, status=404),
    post("calls/{call}/apply/", {"country": "XXX"}, "member"),
    post("calls/{call}/country/nominate/", {"email": "no address"}, "focal"),
    post("calls/{call}/enter/", {"email": "no address"}, "staff"),
    post(f"{NOMINEE}edit/", {"version": "1", "years_of_experience": "999"}, "member"),
    post(f"{NOMINEE}edit/", {"version": "99", "motivation": "From another window."}, "member", status=409),
    post(f"{NOMINEE}hand-in/", {"version": "1"}, "member"),
]

HOSTING, HOSTED = "calls/{hosting}/", "calls/{hosting_over}/"
WRONG_OFFER = {"version": "999", "starts_on": "2027-13-40", "contribution_amount": "much"}
HOSTS = [
    *get(HOSTED, f"{HOSTING}hosting/", f"{HOSTING}hosting/{{slot}}/", f"{HOSTING}hosting/new/", roles=STAFF),
    *get(f"{HOSTING}hosting/{{slot}}/edit/", f"{HOSTED}hosting/{{slot_over}}/", roles=STAFF),
    *get(f"{HOSTING}hosting/announce/", f"{HOSTED}hosting/", roles=STAFF),
    *get(f"{HOSTED}hosting/{{slot_over}}/outcome/", "offers/{offer_chosen}/agreement/", roles=STAFF),
    *get(f"{HOSTING}hosting/", roles=ME, status=403),
    *get(f"{HOSTING}offer/", roles=SIGNED_IN),
    *get("offers/{offer}/", "offers/{offer_chosen}/", "offers/{offer}/withdraw/", roles=("member", "staff")),
    *get("offers/{offer_draft}/", "offers/{offer_draft}/edit/", "offers/{offer}/edit/", roles=ME),
    *get("offers/{offer}/", roles=("focal", "admin"), status=404),
    post(f"{HOSTING}offer/", {"host_kind": "nobody"}, "member"),
    post("offers/{offer_draft}/edit/", WRONG_OFFER, "member"),
    post("offers/{offer_draft}/edit/", {"version": "999", "slot": "{slot}"}, "member", status=409),
    post("offers/{offer_chosen}/score/", {"score_fit": "11"}, "staff"),
    post(f"{HOSTING}hosting/new/", {"starts_on": "2027-13-40"}, "staff"),
    post(f"{HOSTED}hosting/{{slot_over}}/", {"offer": "{offer_chosen}"}, "staff"),
]

PANEL, PLACE = "calls/{panel_call}/panel/", "places/{place_open}/"
WRONG_PANEL = {"seats": "0", "min:gender:woman": "3", "max:gender:woman": "1", "person:0": "x", "look": "1"}
PANELS = [
    *get(
        PANEL,
        f"{PANEL}new/",
        f"{PANEL}new/?from={{panel}}",
        f"{PANEL}{{panel}}/",
        f"{PANEL}{{panel_impossible}}/",
        f"{PANEL}compare/?s={{panel}}&s={{panel_other}}",
        f"{PANEL}decision/",
        f"{PANEL}decision/announce/",
        "calls/{call_announced}/panel/decision/",
        "calls/{call_announced}/panel/invited/",
        roles=STAFF,
    ),
    post(f"{PANEL}new/", WRONG_PANEL, "staff"),
    post(f"{PANEL}decision/", {"version": "{panel_version}", "nomination": "x"}, "staff"),
    post(f"{PANEL}decision/announce/", {"answer_by": "2020-01-01T00:00"}, "staff"),
    *get(PANEL, status=403, roles=ME),
    *get("calls/{call_announced}/panel/members/", f"{PANEL}members/"),
    *get(PLACE, "places/{place_accepted}/", roles=NOBODY),
    *get("places/{place_open}/?decline=1", "places/{place_declined}/", roles=NOBODY),
    post(PLACE, {"answer": "perhaps"}, "anonymous"),
]

SCORED = "calls/{scored_call}/"
SCREENING = [
    *get(f"{SCORED}nominations/", f"{SCORED}nominations/?words=nothing-has-this", roles=STAFF),
    *get(
        f"{SCORED}nominations/{{scored}}/reviews/", f"{SCORED}reviewers/", f"{SCORED}conflicts/", roles=STAFF
    ),
    *get(f"{SCORED}assignments/", f"{SCORED}assignments/?each=2", f"{SCORED}board/", roles=STAFF),
    *get(f"{SCORED}board/?sort=spread&show=doubtful", roles=STAFF),
    *get(f"{SCORED}nominations/import/", f"{SCORED}nominations/duplicates/", roles=STAFF),
    post(f"{SCORED}nominations/import/", {}, "staff"),
    *get(f"{SCORED}nominations/", f"{SCORED}board/", roles=ME, status=403),
    *get(f"{SCORED}scoring/", f"{SCORED}scoring/{{candidate}}/", roles=ME),
    *get(f"{SCORED}scoring/", f"{SCORED}scoring/{{candidate}}/", roles=STAFF, status=404),
    post(
        f"{SCORED}nominations/eligibility/",
        {"nomination": "{scored}:eligible", "to": "ineligible"},
        "staff",
    ),
    post(f"{SCORED}reviewers/", {"email": "no address"}, "staff"),
    post(f"{SCORED}conflicts/", {"kind": "none"}, "staff"),
    post(f"{SCORED}scoring/{{candidate}}/", {"version": "0", "submit": "1"}, "member"),
]

EXPERTS = [*CALLS, *NOMINATING, *HOSTS, *SCREENING, *PANELS]
