"""The form by which a table comes in that isn't kept."""

from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields
from core.spreadsheets import LARGEST, Table, read_table

DAY = 24 * 3600


class TableForm(ReadableFields, forms.Form):
    """A table. It isn't kept: what was read of it travels with the page, signed, until it is imported.

    A form of one says in ``help`` which columns it takes, and in ``read`` and ``restored`` how a table becomes a sheet,
    which has ``to_json``, and how that comes back.
    """

    help: ClassVar[Any] = ""
    file = forms.FileField(
        label=_("Table"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, salt: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = self.help
        self.fields["file"].one_of = True  # type: ignore[attr-defined]  # or what was read of an earlier one
        self.salt = salt
        self.sheet: Any = None
        self.carried = ""

    def read(self, table: Table) -> Any:
        raise NotImplementedError

    def restored(self, value: dict[str, Any]) -> Any:
        raise NotImplementedError

    def clean_file(self) -> None:
        """Read the table, of which nothing else is kept."""
        if file := self.cleaned_data["file"]:
            # One byte more than is accepted is enough to know.
            self.sheet = self.read(read_table(file.read(LARGEST + 1)))
            self.carried = signing.dumps(self.sheet.to_json(), salt=self.salt, compress=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.sheet is None and not self.errors:
            carried = str(self.data.get("sheet", ""))
            try:
                self.sheet = self.restored(signing.loads(carried, salt=self.salt, max_age=DAY))
                self.carried = carried
            except signing.BadSignature:
                again = _("Choose the file once more.") if carried else _("Choose a file first.")
                self.add_error("file", again)
        return data
