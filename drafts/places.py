"""How people call the place of a provision: "33 (a)", "Footnote 5", "Pillar 1"."""

from typing import Protocol

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.punctuation import detail
from drafts.models import Provision

# Their numbers run through the whole draft: nobody says "paragraph" before them.
_BY_NUMBER = {Provision.Kind.PARAGRAPH, Provision.Kind.ACTION, Provision.Kind.ITEM}
_PRINTED = "Principle "  # how the numbers of principles begin in every draft


class Placed(Protocol):
    """A provision, or its wording in a comparison."""

    @property
    def key(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def pillar(self) -> int | None: ...


def place_name(provision: Placed) -> str:
    """The number, with the kind where numbers of other kinds are the same; the key where there is no number."""
    if not provision.number:
        return provision.key
    if provision.kind in _BY_NUMBER:
        return provision.number
    name = f"{Provision.Kind(provision.kind).label} {provision.number.removeprefix(_PRINTED)}"
    if provision.kind == Provision.Kind.HEADING and provision.pillar:
        name += f"{detail()}{Provision.Kind.PILLAR.label} {provision.pillar}"
    return name


def place_in_a_list(provision: Placed, heading: str = "") -> str:
    """The same where nothing around it says that it is a place: "Paragraph 33 (a)", and terms by their name."""
    if provision.kind == Provision.Kind.TERM and heading:
        return _("Term “%(term)s”") % {"term": heading}
    if provision.kind in _BY_NUMBER and provision.number:
        return str(capfirst(_("paragraph %(number)s") % {"number": provision.number}))
    return place_name(provision) if provision.number else heading or provision.key
