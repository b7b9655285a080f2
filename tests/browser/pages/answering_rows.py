"""Pages of answering: templates, second readers, the commenter's reply, input entered; see ``table.py``."""

from tests.browser.pages.rows import DESK, ME, get, post

ROUND = "rounds/{two_readers}/"
TEMPLATES = "rounds/answer-templates/"
ANSWERING = [
    *get(f"{ROUND}desk/?answer=second_reader", roles=DESK),
    *get(*(f"{ROUND}desk/?comment={{{name}}}" for name in ("unread", "reread", "agreed")), roles=DESK),
    *get(f"{ROUND}desk/?comment={{sent_back}}", f"{ROUND}desk/?comment={{entered}}", roles=DESK),
    *get(f"{ROUND}comments/{{reply_once}}/", f"{ROUND}comments/{{reread}}/", f"{ROUND}comments/{{entered}}/"),
    *get(TEMPLATES, f"{TEMPLATES}new/", f"{TEMPLATES}{{template}}/", roles=DESK),
    *get(f"{ROUND}enter/", "rounds/{planned}/enter/", "rounds/{closed}/enter/", roles=DESK),
    *get(TEMPLATES, roles=ME, status=403),
    post(f"{TEMPLATES}new/", {"name": "", "response_en": "{{nobody}}"}, "staff"),
    post(
        f"{TEMPLATES}{{template}}/", {"name": "Mine", "response_en": "x", "version": "9"}, "staff", status=409
    ),
    post(f"{ROUND}desk/template/", {"comment": "{unread}", "template": "{template}"}, "drafter", status=200),
    post(f"{ROUND}desk/agree/", {"comment": "{unread}", "seen": "{unread}:9"}, "staff", status=409),
    post(f"{ROUND}enter/", {"how": "x", "received_on": "2026-99-99"}, "drafter", "staff"),
    post(f"{ROUND}comments/{{reply_once}}/reaction/", {"version": "1", "content": "no"}, "member"),
]
