"""A published draft of which one language is to come, for tests."""

from typing import Any

from drafts.actions.publishing import ask_for_status, confirm_status
from drafts.actions.translating import translate_provision
from drafts.models import Draft, Provision, ProvisionText
from tests.factories import make_draft, make_provision, make_text, make_user

CANARY = "Zinnoberquetsche"  # a word of the words that nobody may read yet


def make_working(**fields: Any) -> Draft:
    """In English, whole in Spanish; in French one provision of three, with the canary in it and in its reason."""
    draft = make_draft(paragraphs=1, **fields)
    make_provision(draft, "pillar_1", kind="pillar", number="1", pillar=1, heading="Prosperity")
    for provision in Provision.objects.filter(draft=draft):
        name = "text" if provision.key == "para_1" else "heading"
        words: dict[str, Any] = {"translated_from_version": 1, name: f"Palabras de {provision.key}."}
        make_text(provision, language="es", state="approved", **words)
    translate(make_user("drafter"), draft, "para_1")
    return draft


def make_later(**fields: Any) -> Draft:
    """``make_working``, published by two people in English and Spanish; French is to come."""
    draft = make_working(**fields)
    publish(draft, ["es"])
    return Draft.objects.get(pk=draft.pk)


def publish(draft: Draft, languages: list[str] | None) -> None:
    asked = ask_for_status(actor=make_user("drafter"), draft=draft, languages=languages)
    confirm_status(actor=make_user("staff"), request=asked)


def translate(actor: Any, draft: Draft, key: str, *, approve: bool = True, language: str = "fr") -> None:
    """Write or rewrite the provision in French, with the canary."""
    provision = Provision.objects.get(draft=draft, key=key)
    found = ProvisionText.with_unreleased.filter(provision=provision)
    words = {text.language: text for text in found}
    field = "text" if key == "para_1" else "heading"
    stands = words[language].version if language in words else 0
    said = {"text": "", "heading": "", field: f"Mots {CANARY} {stands} de {key}."}
    translate_provision(
        actor=actor,
        provision=provision,
        language=language,
        version=stands,
        source_version=words["en"].version,
        reason=f"Because of {CANARY}.",
        approve=approve,
        **said,
    )


def finish(draft: Draft, actor: Any = None) -> None:
    """Translate and approve what is missing in French."""
    actor = actor or make_user("drafter")
    done = ProvisionText.with_unreleased.of_draft(draft).filter(language="fr", state="approved")
    for provision in Provision.objects.filter(draft=draft).exclude(pk__in=done.values("provision")):
        translate(actor, draft, provision.key)
