"""The tags of a round: put on comments and taken off, renamed, merged, deleted."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultations.actions.chunks import chunks_of, lock_keys
from consultations.models import Round, Tag, Tagging
from consultations.rules import may_answer
from core import audit
from core.verdicts import Conflict, Vanished, require
from core.words import clean_words

MOST = 200  # a round's tags: who needs more has made sentences of them


def normalised(name: str) -> str:
    """A tag as it is kept: one line, no commas (they part tags), single spaces, no sign in front."""
    line = " ".join(clean_words(unicodedata.normalize("NFKC", name)).split())
    return line.strip(" ,،、，#")


def folded(name: str) -> str:
    """What makes two tags the same: "Housing" is "housing"."""
    return unicodedata.normalize("NFKC", name.casefold())


def names_in(typed: str) -> list[str]:
    """The tags that somebody typed, with commas of any script or new lines between them; each once."""
    for sign in "،、，;؛；\n":
        typed = typed.replace(sign, ",")
    names = filter(None, (normalised(part) for part in typed.split(",")))
    return list({folded(name): name for name in names}.values())


def tag_comments(
    *, actor: Any, round: Round, comments: Iterable[int], add: Iterable[str] = (), remove: Iterable[int] = ()
) -> int:
    """Put tags (their names) on comments (their keys) and take others (their keys) off; how many comments changed.

    In chunks, as ``assign_comments``; a tag that isn't there yet is made. ``ValidationError``: too long, too many.
    """
    require(may_answer(actor, round))
    added, gone = _tags(round, add), list(remove)
    return sum(_tag(actor, round, keys, added, gone) for keys in chunks_of(comments))


def rename_tag(*, actor: Any, tag: Tag, name: str, seen: str) -> None:
    """Call a tag by another name. ``Conflict``: it isn't called ``seen`` any more. ``ValidationError``: there is
    another of that name; they can be merged."""
    with transaction.atomic():
        tag = _locked(actor, tag)
        name = _checked(name)
        if tag.name == name:
            return
        if tag.name != seen:
            raise Conflict(_("This tag has been renamed meanwhile."), current={"name": tag.name})
        tag.name, tag.folded = name, folded(name)
        try:
            # The unique name decides, also between two who give it at once.
            with transaction.atomic():
                tag.save(update_fields=["name", "folded"])
        except IntegrityError:
            raise ValidationError(_("There is a tag of this name already: merge the two instead.")) from None
        audit.record("tag.rename", tag.round, actor=actor, changes={"tag": tag.pk})


def merge_tags(*, actor: Any, tag: Tag, into: Tag) -> None:
    """What bears ``tag`` bears ``into`` from now on; ``tag`` is gone."""
    if tag.pk == into.pk or tag.round_id != into.round_id:
        raise ValidationError(_("Choose another tag of this round."))
    with transaction.atomic():
        # In one order, so that two who merge the same tags the other way round don't wait in a ring.
        first, second = sorted((tag, into), key=lambda each: each.pk)
        _locked(actor, first), _locked(actor, second)
        bearing = Tagging.objects.filter(tag=tag).order_by("comment").values_list("comment", flat=True)
        Tagging.objects.bulk_create(
            [Tagging(tag=into, comment_id=key) for key in bearing], ignore_conflicts=True, batch_size=1000
        )
        tag.delete()
        audit.record("tag.merge", into.round, actor=actor, changes={"tag": into.pk})


def delete_tag(*, actor: Any, tag: Tag) -> None:
    """Take a tag off every comment, for good."""
    with transaction.atomic():
        tag = _locked(actor, tag)
        key, used = tag.pk, tag.taggings.count()
        tag.delete()
        audit.record("tag.delete", tag.round, actor=actor, changes={"tag": key, "comments": used})


def _locked(actor: Any, tag: Tag) -> Tag:
    found = Tag.objects.select_for_update(of=("self",)).select_related("round").filter(pk=tag.pk).first()
    if found is None:
        raise Vanished
    require(may_answer(actor, found.round))
    return found


def _checked(name: str) -> str:
    name = normalised(name)
    if not name:
        raise ValidationError(_("Name the tag."))
    if len(name) > Tag.LONGEST:
        raise ValidationError(_("A tag has at most %(limit)d characters.") % {"limit": Tag.LONGEST})
    return name


def _tags(round: Round, names: Iterable[str]) -> list[int]:
    """The keys of these tags; those that are missing are made, and stay if two make them at once."""
    wanted = {folded(name): name for name in map(_checked, names)}
    known = Tag.objects.filter(round=round)
    standing = set(known.filter(folded__in=wanted).values_list("folded", flat=True))
    new = [Tag(round=round, name=name, folded=key) for key, name in wanted.items() if key not in standing]
    if new:
        if known.count() + len(new) > MOST:
            raise ValidationError(
                _("A round has at most %(limit)d tags: use those that are there.") % {"limit": MOST}
            )
        Tag.objects.bulk_create(new, ignore_conflicts=True)
    return list(known.filter(folded__in=wanted).values_list("pk", flat=True))


def _tag(actor: Any, round: Round, keys: list[int], add: list[int], remove: list[int]) -> int:
    with transaction.atomic():
        locked = lock_keys(round, keys)
        # A tag may have been merged or deleted since: it is put on nothing.
        tags = Tag.objects.select_for_update(no_key=True).filter(round=round, pk__in=[*add, *remove])
        there = set(tags.order_by("pk").values_list("pk", flat=True))
        borne = Tagging.objects.filter(comment__in=locked, tag__in=there)
        before = set(borne.values_list("comment", "tag"))
        new = [(key, tag) for key in locked for tag in add if tag in there and (key, tag) not in before]
        Tagging.objects.bulk_create(
            [Tagging(comment_id=key, tag_id=tag) for key, tag in new], ignore_conflicts=True
        )
        old = {(key, tag) for key, tag in before if tag in remove and tag not in add}
        borne.filter(tag__in={tag for _key, tag in old}).delete()
        changed = {key for key, _tag in [*new, *old]}
        if changed:
            changes = {"comments": len(changed), "added": sorted(add), "removed": sorted(remove)}
            audit.record("comments.tag", round, actor=actor, changes=changes)
    return len(changed)
