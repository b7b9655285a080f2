"""Setting what changed: redlines in one column or two, and the sentences that say what happened."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from drafts.comparing import StoredWording
from drafts.comparison import Compared, Wording
from drafts.marks import printed_marks
from drafts.redline import Piece
from drafts.templatetags.provisions import number_beside, set_redline

register = template.Library()


@register.filter
def inline(row: Compared) -> SafeString:
    """The provision's words with what was removed and added; a split or merged one against its ancestors."""
    return set_redline(_printed(row, row.from_ancestors or row.text))


@register.filter
def old_side(row: Compared) -> SafeString:
    """The words of the old draft, with what was removed of them marked; of a split or merged provision those of its
    ancestors that became its own. Nothing where it had none."""
    pieces = _printed(row, row.from_ancestors or row.text)
    return set_redline(piece for piece in pieces if piece.kind != "added")


@register.filter
def new_side(row: Compared) -> SafeString:
    """The words of the new draft, with what was added to them marked."""
    pieces = _printed(row, row.from_ancestors or row.text)
    return set_redline(piece for piece in pieces if piece.kind != "removed")


@register.filter
def cited(wording: Wording) -> str:
    """The name under which a provision is cited: its number, else its heading, else its key."""
    return wording.number or wording.heading or wording.key


@register.filter
def what_happened(row: Compared, known: Mapping[str, Wording]) -> list[str]:
    """Sentences beside the words: from where it moved, from what it was split or merged.

    ``known`` names every provision of both drafts by its key.
    """
    said = []
    if row.moved and row.old and row.new:
        parent = known.get(row.old.parent or "")
        if row.old.parent != row.new.parent and parent:
            said.append(_("It stood under %(place)s before.") % {"place": cited(parent)})
        else:
            said.append(_("It stood elsewhere in the order before."))
    for ancestor in row.ancestors:
        name = cited(known[ancestor.key]) if ancestor.key in known else ancestor.key
        said.append(
            (_("Split from %(number)s.") if ancestor.kind == "split" else _("Merged with %(number)s."))
            % {"number": name}
        )
    for part in row.descendants:
        name = cited(known[part.key]) if part.key in known else part.key
        said.append(
            (
                _("A part of it is %(number)s now.")
                if part.kind == "split"
                else _("It is part of %(number)s now.")
            )
            % {"number": name}
        )
    return said


@register.simple_tag
def renumbered(row: Compared) -> SafeString:
    """The number as it is printed beside the words, with the one before where that differs.

    Below a paragraph only the letter is printed: the paragraph says that its own number changed.
    """
    old, new = (number_beside(wording) if wording else "" for wording in (row.old, row.new))
    if row.is_renumbered and old != new:
        return format_html("<del>{}</del> <ins>{}</ins>", old, new)
    return format_html("{}", new or old)


def _printed(row: Compared, pieces: Iterable[Piece]) -> list[Piece]:
    """Marks with the numbers that readers see: those of the new draft, of the old one in what was removed."""
    old, new = _notes(row.old), _notes(row.new)
    return [
        Piece(piece.kind, printed_marks(piece.text, old if piece.kind == "removed" else new or old))
        for piece in pieces
    ]


def _notes(wording: Wording | None) -> list[dict[str, str]]:
    marks = wording.marks if isinstance(wording, StoredWording) else ()
    return [{"label": label, "number": number} for label, number in marks]
