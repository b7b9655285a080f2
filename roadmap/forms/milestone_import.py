"""The form by which a table of milestones comes in."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields
from core.spreadsheets import LARGEST, read_table
from roadmap.milestone_sheet import Sheet, find_columns

DAY = 24 * 3600


class MilestoneImportForm(ReadableFields, forms.Form):
    """A table. It isn't kept: what was read of it travels with the page, signed, until it is imported."""

    file = forms.FileField(
        label=_("Table"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_(
            "CSV or .xlsx, with the columns of the spreadsheet that the road map gives out. A day is written"
            " 2024-04-17, a month 2024-04. An empty cell leaves what stands. The file isn’t kept."
        ),
    )

    def __init__(self, *args: Any, importer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.salt = f"roadmap.milestone_sheet.{importer.pk}"
        self.sheet: Sheet | None = None
        self.carried = ""

    def clean_file(self) -> None:
        """Read the table, of which nothing else is kept."""
        if file := self.cleaned_data["file"]:
            # One byte more than is accepted is enough to know.
            self.sheet = find_columns(read_table(file.read(LARGEST + 1)))
            self.carried = signing.dumps(self.sheet.to_json(), salt=self.salt, compress=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.sheet is None and not self.errors:
            carried = str(self.data.get("sheet", ""))
            try:
                self.sheet = Sheet.from_json(signing.loads(carried, salt=self.salt, max_age=DAY))
                self.carried = carried
            except signing.BadSignature:
                again = _("Choose the file once more.") if carried else _("Choose a file first.")
                self.add_error("file", again)
        return data
