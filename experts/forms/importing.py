"""The form by which a table of nominations comes in."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields
from core.sheets import Sheet
from core.spreadsheets import LARGEST, read_table
from experts.nomination_sheet import find_columns

DAY = 24 * 3600


class ImportForm(ReadableFields, forms.Form):
    """A table. It isn't kept: what was read of it travels with the page, signed, until it is imported."""

    file = forms.FileField(
        label=_("Table"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_(
            "CSV or .xlsx, up to 2,000 rows. Its first row names the columns, in any of the six languages: name, email"
            " and country; if you have them, gender, expertise, level of government, languages and merit. Several"
            " values in a cell are separated by semicolons. The file isn’t kept."
        ),
    )

    def __init__(self, *args: Any, importer: Any, call_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.salt = f"experts.nomination_sheet.{call_id}.{importer.pk}"
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
                self.add_error(
                    "file", _("Choose the file once more.") if carried else _("Choose a file first.")
                )
        return data
