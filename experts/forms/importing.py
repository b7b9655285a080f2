"""The form by which a table of nominations comes in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.sheets import Sheet
from core.spreadsheets import Table
from core.table_forms import TableForm
from experts.nomination_sheet import find_columns


class ImportForm(TableForm):
    help = _(
        "CSV or .xlsx, up to 2,000 rows. Its first row names the columns, in any of the six languages: name, email"
        " and country; if you have them, gender, expertise, level of government, languages and merit. Several"
        " values in a cell are separated by semicolons. The file isn’t kept."
    )

    def __init__(self, *args: Any, importer: Any, call_id: int, **kwargs: Any) -> None:
        super().__init__(*args, salt=f"experts.nomination_sheet.{call_id}.{importer.pk}", **kwargs)

    def read(self, table: Table) -> Sheet:
        return find_columns(table)

    def restored(self, value: dict[str, Any]) -> Sheet:
        return Sheet.from_json(value)
