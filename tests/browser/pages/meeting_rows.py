"""Pages of meetings, in every state that they have, and who sees them."""

from tests.browser.pages.rows import ME, SIGNED_IN, STAFF, get, post

ONE, HELD, PREPARED = "meetings/{meeting}/", "meetings/{meeting_held}/", "meetings/{meeting_prepared}/"
WRONG_PLAN = {"title_en": "", "kind": "none", "starts_at": "x", "ends_at": "2030-01-01T00:00", "zone": "CET"}
MEETINGS = [
    *get("meetings/", "meetings/?words=nothing-has-this", ONE, HELD, "meetings/{meeting_cancelled}/"),
    *get(PREPARED, f"{PREPARED}announce/", roles=STAFF),
    *get("meetings/mine/", roles=SIGNED_IN),
    *get("meetings/new/", "meetings/attendance/{group}/", "meetings/attendance/{empty_group}/", roles=STAFF),
    *get(*(f"{ONE}{page}/" for page in ("edit", "cancel", "agenda", "papers", "invitations")), roles=STAFF),
    *get(*(f"{ONE}{page}/" for page in ("run", "record", "outcomes")), roles=STAFF),
    *get(f"{ONE}agenda/{{meeting_item}}/", f"{ONE}papers/{{meeting_paper}}/", roles=STAFF),
    *get(f"{ONE}decisions/{{meeting_decision}}/", f"{ONE}tasks/{{meeting_task}}/", roles=STAFF),
    *get(*(f"{PREPARED}{page}/" for page in ("agenda", "papers", "invitations")), roles=STAFF),
    *get(*(f"{HELD}{page}/" for page in ("agenda", "outcomes", "record", "invitations")), roles=STAFF),
    *get(f"{ONE}run/", "meetings/new/", roles=ME, status=403),
    post(f"{ONE}answer/", {"answer": "perhaps"}, "member"),
    post("meetings/new/", WRONG_PLAN, "staff"),
    post(f"{ONE}edit/", {**WRONG_PLAN, "version": "1"}, "staff"),
    post(f"{ONE}cancel/", {"note": "x" * 3000}, "staff"),
    post(f"{ONE}agenda/", {"title_en": "", "minutes": "-1", "pillar": "9"}, "staff"),
    post(
        f"{ONE}agenda/{{meeting_item}}/",
        {"title_en": "Mine", "minutes": "5", "version": "99"},
        "staff",
        status=409,
    ),
    post(f"{ONE}papers/", {"title": ""}, "staff"),
    post(f"{ONE}papers/{{meeting_paper}}/", {"title": "", "embargo_until": "x"}, "staff"),
    post(f"{ONE}invitations/", {"addresses": ""}, "staff"),
    post(f"{ONE}invitations/{{guest}}/answer/", {}, "staff"),
    post(f"{ONE}run/", {"spoken-1": "long"}, "staff"),
    post(f"{ONE}record/", {"summary_en": "x", "version": "99"}, "staff", status=409),
    post(f"{ONE}outcomes/", {"what": "task", "title": ""}, "staff"),
    post(f"{ONE}outcomes/", {"what": "decision"}, "staff"),
]
