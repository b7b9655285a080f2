"""The form by which a table of milestones comes in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.spreadsheets import Table
from core.table_forms import TableForm
from roadmap.milestone_sheet import Sheet, find_columns


class MilestoneImportForm(TableForm):
    help = _(
        "CSV or .xlsx, with the columns of the spreadsheet that the road map gives out. A day is written"
        " 2024-04-17, a month 2024-04. An empty cell leaves what stands. The file isn’t kept."
    )

    def __init__(self, *args: Any, importer: Any, **kwargs: Any) -> None:
        super().__init__(*args, salt=f"roadmap.milestone_sheet.{importer.pk}", **kwargs)

    def read(self, table: Table) -> Sheet:
        return find_columns(table)

    def restored(self, value: dict[str, Any]) -> Sheet:
        return Sheet.from_json(value)
