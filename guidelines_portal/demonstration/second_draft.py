"""The second draft, at work: begun from the first, changed act by act as drafters would, in part translated."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from drafts.actions.checking import check_draft
from drafts.actions.drafting import begin_draft
from drafts.actions.joining import merge_provisions, split_provision
from drafts.actions.revising import revise_provision
from drafts.actions.structure import add_provision, move_provision, remove_provision
from drafts.actions.translating import translate_provision
from drafts.models import Draft, Provision, ProvisionText
from drafts.writing import with_keys
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.people import TEXTS
from guidelines_portal.demonstration.words import LABELS

Act = Mapping[str, Any]


def load_second_draft(base: Draft, drafters: Sequence[User], *, begun: datetime, span: timedelta) -> Draft:
    """Begin the draft at ``begun`` and carry out the acts of ``second-draft.json``, in their order and evenly
    over ``span``, by each of ``drafters`` in turn. What an act gives no translation for is left outdated."""
    acts: list[Act] = json.loads((TEXTS / "second-draft.json").read_text("utf-8"))
    with clock_set_to(begun):
        draft = begin_draft(actor=drafters[0], base=base, label=LABELS[2])
        draft.created_at = begun
        draft.save()
    for i, act in enumerate(acts, start=1):
        with clock_set_to(begun + span * i / len(acts), step=timedelta(seconds=1)):
            _carry_out(act, draft, actor=drafters[i % len(drafters)])
    check_draft(draft.pk)
    return draft


def _carry_out(act: Act, draft: Draft, *, actor: User) -> None:
    draft.refresh_from_db()
    key = act["provision"]
    known = {"actor": actor, "structure_version": draft.structure_version, "reason": act["reason"]}
    match act["act"]:
        case "add":
            words = {name: act.get(name, "") for name in ("heading", "text")}
            add_provision(draft=draft, kind=act["kind"], **_place(act), **words, **known)
        case "remove":
            remove_provision(draft=draft, key=key, **known)
        case "move":
            move_provision(draft=draft, key=key, **_place(act), **known)
        case "split":
            whole = _words(draft, key)
            at = whole.text.index(act["at"])
            split_provision(provision=whole.provision, at=at, version=whole.version, **known)
        case "merge":
            merge_provisions(provision=_words(draft, key).provision, other_key=act["other"], **known)
        case "edit":
            _edit(act, draft, actor=actor)


def _place(act: Act) -> dict[str, Any]:
    return {name: act[name] for name in ("parent", "behind")}


def _edit(act: Act, draft: Draft, *, actor: User) -> None:
    """Change the words in the draft's language first, then in those that the act gives as well."""
    field = act.get("field", "text")
    for language, (old, new) in act["words"].items():
        words = _words(draft, act["provision"], language)
        before = getattr(words, field)
        if before.count(old) != 1:
            raise ValueError(f"{act['provision']} ({language}) doesn't say once: {old}")
        if language != draft.source_language:
            _translate(words, draft, field, old, new, actor=actor)
            continue
        revise_provision(
            actor=actor,
            provision=words.provision,
            language=language,
            version=words.version,
            reason=act["reason"],
            notes=act.get("notes"),
            **{field: before.replace(old, new)},
        )


def _translate(words: ProvisionText, draft: Draft, field: str, old: str, new: str, *, actor: User) -> None:
    """Bring a translation up to date with what its original says by now; nobody has approved it yet."""
    said = {"heading": words.heading, "text": with_keys(words.text, words.references)}
    said[field] = said[field].replace(old, new)
    translate_provision(
        actor=actor,
        provision=words.provision,
        language=words.language,
        version=words.version,
        source_version=_words(draft, words.provision.key).version,
        heading=said["heading"],
        text=said["text"],
    )


def _words(draft: Draft, key: str, language: str = "") -> ProvisionText:
    provision = Provision.objects.get(draft=draft, key=key)
    return ProvisionText.objects.select_related("provision").get(
        provision=provision, language=language or draft.source_language
    )
