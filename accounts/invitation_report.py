"""What becomes of each line of a list, as a table to work through in a spreadsheet program."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.invitation_list import Line, Problem
from core.spreadsheets import safe_cell


def report_csv(lines: Iterable[Line]) -> bytes:
    """One row for each line, and for each problem of a line; UTF-8 with its mark, by which Excel knows it. No cell is
    taken for a formula."""
    file = io.StringIO(newline="")
    write = csv.writer(file)
    heads = (_("Row"), _("Name"), _("E-mail"), _("Country"), _("Position"), _("What becomes of it"))
    write.writerow([*heads, _("Column"), _("What is wrong"), _("What to do")])
    for line in lines:
        said = [line.name, line.email, line.country or "", line.position_label, line.outcome_label]
        for problem in line.problems or [Problem("", line.note, "")]:
            row = [line.number, *said, problem.column, problem.what, problem.todo]
            write.writerow([safe_cell(value) for value in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()
