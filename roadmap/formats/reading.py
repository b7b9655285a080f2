"""From a file's bytes to what was found in it."""

from django.utils.translation import gettext as _

from drafts.formats.document import DraftUnreadable
from drafts.formats.reading import check_script, read_source
from roadmap.formats.board_report import is_report, read_report
from roadmap.formats.document import FoundDocument
from roadmap.formats.resolution_text import is_resolution, read_resolution

# The only language whose wording these readers know.
LANGUAGE = "zh-hans"


def read_document(content: bytes, filename: str) -> FoundDocument:
    """A report on resolutions, or the text of one. ``DraftUnreadable`` where it is neither."""
    source = read_source(content, filename)
    check_script(source, "zh", filename)
    if is_report(source):
        return read_report(source)
    if is_resolution(source):
        return read_resolution(source)
    raise DraftUnreadable(
        _("The text is neither a report on resolutions nor a resolution in the form that is known here.")
    )
