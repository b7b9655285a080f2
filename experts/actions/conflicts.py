"""Conflicts of interest: declared, set by the secretariat, or found by rule; lifted with a reason."""

import re
import unicodedata
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Affiliation, User
from core import audit
from core.names import has_controls
from core.verdicts import Conflict, require
from experts.actions.moving import lock_nomination
from experts.actions.weighing import weigh
from experts.models import Call, ConflictOfInterest, Nomination, NominationTrait, Referee, Reviewer
from experts.review_rules import may_screen, may_take_back_conflict

Kind = ConflictOfInterest.Kind
# What a rule finds; the other kinds only people know of.
FOUND_BY_RULE = frozenset({Kind.SELF, Kind.COUNTRY, Kind.EMPLOYER, Kind.REFEREE})
Found = tuple[int, int, str]  # person, nomination, kind


def same_employer(name: str) -> str:
    """A name of an employer as it is compared: without case, accents, punctuation, articles and legal forms."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = [word for word in re.split(r"[\W_]+", plain) if word and word not in _NOT_TELLING]
    return " ".join(words)


_NOT_TELLING = frozenset(
    ["the", "of", "and", "for", "de", "du", "des", "la", "le", "les", "el", "los", "y", "et"]
    + ["ltd", "inc", "gmbh", "llc", "sa", "plc"]
)


def find_conflicts(call: Call, *, nomination: Nomination | None = None) -> int:
    """Set what follows from a rule for every reviewer of the call, or for one nomination; how many are new.

    Self, same country or nationality, same employer, referee of the nominee. Safe to run at any time and again:
    what stands isn't set twice, and what the secretariat has lifted stays lifted.
    """
    reviewers = Reviewer.objects.filter(call=call, removed_at=None)
    people = list(User.objects.filter(pk__in=reviewers.values("user")))
    nominations = Nomination.objects.filter(call=call).exclude(state__in=("draft", "withdrawn"))
    if nomination is not None:
        nominations = nominations.filter(pk=nomination.pk)
    found = _found(people, list(nominations))
    known = set(
        ConflictOfInterest.objects.filter(nomination__in=nominations, user__in=people).values_list(
            "user_id", "nomination_id", "kind"
        )
    )
    new = sorted(found - known)
    by_nomination: dict[int, list[Found]] = defaultdict(list)
    for each in new:
        by_nomination[each[1]].append(each)
    set_now = 0
    for pk, several in sorted(by_nomination.items()):
        with transaction.atomic():
            locked = lock_nomination(pk)
            for person, _pk, kind in several:
                made = _set(person=person, nomination=locked, kind=kind, pinned=True, by=None)
                set_now += made is not None
            weigh(locked)
    return set_now


def _found(people: list[User], nominations: list[Nomination]) -> set[Found]:
    pks = [row.pk for row in nominations]
    countries: dict[int, set[str]] = defaultdict(set)
    for pk, value in NominationTrait.objects.filter(
        nomination__in=pks, kind=NominationTrait.Kind.NATIONALITY
    ).values_list("nomination_id", "value"):
        countries[pk].add(value)
    referees: dict[int, set[str]] = defaultdict(set)
    for pk, email in (
        Referee.objects.filter(nomination__in=pks).exclude(email="").values_list("nomination_id", "email")
    ):
        referees[pk].add(email.lower())
    employers = _employers(people)
    found: set[Found] = set()
    for row in nominations:
        workplace = same_employer(row.workplace)
        for person in people:
            if row.nominee_id == person.pk or row.email == person.email:
                found.add((person.pk, row.pk, Kind.SELF))
            if person.country_id and person.country_id in countries[row.pk] | {row.country_id}:
                found.add((person.pk, row.pk, Kind.COUNTRY))
            if workplace and workplace in employers[person.pk]:
                found.add((person.pk, row.pk, Kind.EMPLOYER))
            if person.email in referees[row.pk]:
                found.add((person.pk, row.pk, Kind.REFEREE))
    return found


def _employers(people: list[User]) -> dict[int, set[str]]:
    """The names of each person's organisations, in every language, as they are compared."""
    columns = ["organisation__name_" + code.replace("-", "_") for code, _name in settings.LANGUAGES]
    employers: dict[int, set[str]] = defaultdict(set)
    rows = Affiliation.objects.filter(user__in=people).values_list("user_id", "organisation__name", *columns)
    for person, *names in rows:
        employers[person] |= {same_employer(name) for name in names if name} - {""}
    return employers


def _set(
    *, person: int, nomination: Nomination, kind: str, pinned: bool, by: Any
) -> ConflictOfInterest | None:
    """One conflict, unless it stands; the nomination is locked."""
    standing = ConflictOfInterest.objects.standing().filter(user=person, nomination=nomination, kind=kind)
    if standing.exists():
        return None
    conflict = ConflictOfInterest.objects.create(
        user_id=person, nomination=nomination, kind=kind, pinned=pinned, declared_by=by
    )
    audit.record("conflict.set", conflict, actor=by, changes={"kind": kind, "pinned": pinned})
    return conflict


def declare_conflict(*, actor: Any, nomination: Nomination, kind: str) -> None:
    """A reviewer says that they have nothing to do with a nomination; asked for twice, once.

    The caller has checked that the actor may know of the nomination. It leaves their sight, and their review the
    merit.
    """
    _check_kind(kind)
    with transaction.atomic():
        locked = lock_nomination(nomination.pk)
        if _set(person=actor.pk, nomination=locked, kind=kind, pinned=False, by=actor):
            weigh(locked)


def pin_conflict(*, actor: Any, call: Call, reviewer: Reviewer, nomination: Nomination, kind: str) -> None:
    """The secretariat sets a conflict of a reviewer, who can't take it back."""
    require(may_screen(actor, call))
    _check_kind(kind)
    with transaction.atomic():
        locked = lock_nomination(nomination.pk)
        if _set(person=reviewer.user_id, nomination=locked, kind=kind, pinned=True, by=actor):
            weigh(locked)


def lift_conflict(*, actor: Any, conflict: ConflictOfInterest, reason: str) -> None:
    """The secretariat lifts a conflict, for a reason; never their own. ``Conflict`` where it is lifted already."""
    require(may_screen(actor, conflict.nomination.call))
    reason = reason.strip()
    if not reason or len(reason) > 1000 or has_controls(reason):
        raise ValidationError({"reason": _("Say why.")})
    if conflict.user_id == actor.pk:
        raise ValidationError({"reason": _("Nobody lifts their own conflict of interest.")})
    _lift(actor, conflict, reason)


def take_back_conflict(*, actor: Any, conflict: ConflictOfInterest) -> None:
    """What a reviewer declared by mistake is taken back."""
    require(may_take_back_conflict(actor, conflict))
    _lift(actor, conflict, "")


def _lift(actor: Any, conflict: ConflictOfInterest, reason: str) -> None:
    with transaction.atomic():
        locked = lock_nomination(conflict.nomination_id)
        lifted = ConflictOfInterest.objects.standing().filter(pk=conflict.pk)
        if not lifted.update(lifted_by=actor, lifted_at=timezone.now(), lifted_reason=reason):
            raise Conflict(_("This conflict of interest was lifted already."))
        audit.record("conflict.lift", conflict, actor=actor, changes={"kind": conflict.kind})
        weigh(locked)


def _check_kind(kind: str) -> None:
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Say what kind of conflict it is.")})
