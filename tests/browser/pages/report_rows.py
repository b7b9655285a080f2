"""The pages of resolutions and of the reports to the Board; see ``table.py``."""

from tests.browser.pages.rows import ME, OPEN, STAFF, get, post

ROOT = "resolutions/"
ENTRY, CLOSED = f"{ROOT}entries/{{entry}}/", f"{ROOT}entries/{{entry_closed}}/"
OTHERS = tuple(role for role in OPEN if role != "staff")
WRONG = {"title_en": "", "session": "0", "year": "23", "adopted_on": "soon", "paragraphs_en": "No number"}
NO_RESOLUTION = ("words.txt", "这里没有决议，只有一些文字而已。".encode())
SMALL_REPORT = (
    "HSP/EB.2030/7\n联合国人居大会通过的所有决议的执行情况\n一、 导言\n1. 概述。\n"
    "二、 2029 年联合国人居大会第一届会议\nA. 第 1/1 号决议 清洁的城市\n3. 根据第 3 段，没有资金。\n"
    "B. 第 1/2 号决议 绿色城市\n4. 见 HSP/EB.2030/INF/2 号文件。\n"
)
REPORTS = [
    *get(ROOT, f"{ROOT}?period=2024-1", f"{ROOT}{{resolution}}/", f"{ROOT}{{resolution_silent}}/"),
    *get(f"{ROOT}?period=2024-2&compare=2024-1", roles=STAFF),
    *get(f"{ROOT}?period=2024-2", roles=OTHERS, status=404),
    *get(f"{ROOT}reports/{{report}}/", f"{ROOT}reports/{{report}}/?text=ar"),
    *get(f"{ROOT}reports/{{report_working}}/", roles=STAFF),
    *get(f"{ROOT}reports/{{report_working}}/", roles=OTHERS, status=404),
    *get(f"{ROOT}new/", f"{ROOT}import/", f"{ROOT}periods/", f"{ROOT}{{resolution}}/edit/", roles=STAFF),
    *get(f"{ROOT}periods/2024-1/", f"{ROOT}periods/2024-2/", ENTRY, CLOSED, roles=STAFF),
    *get(f"{ROOT}lines/{{corrected}}/", f"{ROOT}lines/{{told_closed}}/", roles=STAFF),
    *get(f"{ROOT}new/", f"{ROOT}periods/", ENTRY, roles=ME, status=403),
    post(f"{ROOT}new/", WRONG, "staff"),
    post(f"{ROOT}{{resolution}}/edit/", {**WRONG, "version": "9"}, "staff"),
    post(f"{ROOT}periods/", {"year": "2024", "half": "2"}, "staff"),
    post(ENTRY, {"status": "lost", "required_amount": "-1", "currency": "dollars"}, "staff"),
    post(ENTRY, {"status": "done", "currency": "USD", "version": "99"}, "staff", status=409),
    post(f"{ENTRY}add/", {"kind": "done", "text_en": "", "operative": "first"}, "staff"),
    post(f"{ROOT}lines/{{corrected}}/", {"text_en": "x", "operative": "one", "version": "1"}, "staff"),
    post(f"{ROOT}import/", {"file": NO_RESOLUTION}, "staff"),
    post(f"{ROOT}import/", {"file": ("report.txt", SMALL_REPORT.encode())}, "staff", status=200),
    *get(f"{ROOT}import/{{brought}}/", roles=("importer",)),
]
