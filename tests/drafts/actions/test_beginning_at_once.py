"""Others go on working while somebody begins or imports a draft, which takes a while: nobody waits for the copy."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from drafts.actions import drafting, importing
from drafts.actions.circulating import circulate_draft
from drafts.actions.drafting import begin_draft
from drafts.actions.importing import import_draft
from drafts.actions.naming import name_draft
from drafts.actions.publishing import ask_for_status, confirm_status
from drafts.actions.revising import revise_provision
from drafts.actions.structure import add_provision, remove_provision
from drafts.models import Draft, ProvisionText
from drafts.naming import words_of as names_of
from tests.factories import make_draft, make_group, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="SQLite lets one write at a time"
    ),
]
PATIENCE = 20  # seconds, for what must come
WAIT = "500ms"  # more than a lock held for a moment, less than the copy here takes
TEXT = b"# Chapter\n\n1. First words.\n\n2. Second words.\n"


@pytest.fixture(autouse=True)
def _impatient() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT}'")
    yield
    connection.close()


@contextmanager
def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: Any, act: Callable[[], Any]
) -> Iterator[Callable[[], Any]]:
    """``act`` in a thread of its own, stopped when its copy is written and its number is still to come. The
    body is run meanwhile; what it is given lets the act go on and returns what came of it."""
    copied, go_on = Event(), Event()
    number = module.number_draft
    stop_once = iter([True])

    def stopped(*given: Any) -> None:
        if next(stop_once, False):
            copied.set()
            assert go_on.wait(PATIENCE)
        number(*given)

    monkeypatch.setattr(module, "number_draft", stopped)

    def run() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(run)
        assert copied.wait(PATIENCE)
        try:
            yield lambda: (go_on.set(), begun.result(PATIENCE))[1]
        finally:
            go_on.set()


def revise(draft: Draft, key: str, text: str) -> None:
    words = ProvisionText.objects.select_related("provision").get(provision__draft=draft, provision__key=key)
    revise_provision(
        actor=make_user("drafter"),
        provision=words.provision,
        language="en",
        version=words.version,
        text=text,
    )


def words_of(draft: Draft) -> list[str]:
    return list(
        ProvisionText.objects.of_draft(draft)
        .filter(provision__kind="paragraph")
        .order_by("provision__position")
        .values_list("text", flat=True)
    )


def given(draft: Draft) -> dict[str, str]:
    return {code: label for code, label in names_of(draft, "label").items() if label}


def test_whoever_writes_in_the_base_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    base, drafter = make_draft(paragraphs=3), make_user("drafter")
    before = words_of(base)
    with meanwhile(
        monkeypatch, drafting, lambda: begin_draft(actor=drafter, base=base, label="Next")
    ) as finish:
        revise(base, "para_1", "Written meanwhile.")
        add_provision(
            actor=drafter, draft=base, kind="paragraph", parent="chp_1", behind="para_1", structure_version=1,
            text="Added meanwhile.",
        )  # fmt: skip
        remove_provision(actor=drafter, draft=base, key="para_3", structure_version=2)
        circulate_draft(actor=drafter, draft=base, groups=[make_group()])
        asked = ask_for_status(actor=drafter, draft=base)
        confirm_status(actor=make_user("staff"), request=asked)
        assert finish().number == base.number + 1
    assert words_of(Draft.objects.get(label="Next")) == before, "the words of one moment"
    assert Draft.objects.get(pk=base.pk).status == "published"


def test_others_begin_and_import_meanwhile_and_numbers_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    base, drafter = make_draft(paragraphs=1, number=1), make_user("drafter")
    with meanwhile(
        monkeypatch, drafting, lambda: begin_draft(actor=drafter, base=base, label="First to begin")
    ) as finish:
        begin_draft(actor=drafter, base=base, label="First to end")
        import_draft(
            actor=drafter, content=TEXT, filename="x.md", label="Imported", language="en", status="working",
            guidelines_slug=base.guidelines.slug,
        )  # fmt: skip
        finish()
    found = Draft.objects.order_by("number").values_list("number", "label_en")
    assert list(found)[1:] == [(2, "First to end"), (3, "Imported"), (4, "First to begin")]


def test_a_label_given_meanwhile_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    base, drafter = make_draft(paragraphs=1), make_user("drafter")
    with meanwhile(
        monkeypatch, drafting, lambda: begin_draft(actor=drafter, base=base, label="Next")
    ) as finish:
        begin_draft(actor=drafter, base=base, label="NEXT")
        with pytest.raises(drafting.ValidationError, match="NEXT|Next"):
            finish()
    assert Draft.objects.count() == 2


@pytest.mark.parametrize("meanwhile_in", ["fr", "es"])
def test_in_whatever_language_a_label_is_given_once(
    monkeypatch: pytest.MonkeyPatch, meanwhile_in: str
) -> None:
    base, drafter = make_draft(paragraphs=1, number=1), make_user("drafter")
    with meanwhile(
        monkeypatch, drafting, lambda: begin_draft(actor=drafter, base=base, label={"fr": "Projet"})
    ) as finish:
        begin_draft(actor=drafter, base=base, label={meanwhile_in: "PROJET"})
        with pytest.raises(drafting.ValidationError) as error:
            finish()
    assert list(error.value.message_dict) == ["label_fr"]
    begun = Draft.objects.get(base=base)
    assert (begun.number, given(begun)) == (2, {meanwhile_in: "PROJET"})


def test_a_label_that_another_draft_was_given_meanwhile_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    base, drafter = make_draft(paragraphs=1, number=1), make_user("drafter")
    with meanwhile(
        monkeypatch, drafting, lambda: begin_draft(actor=drafter, base=base, label={"fr": "Projet"})
    ) as finish:
        name_draft(actor=drafter, draft=base, labels={"ru": "Projet"}, seen={})
        with pytest.raises(drafting.ValidationError) as error:
            finish()
    assert list(error.value.message_dict) == ["label_fr"]
    assert Draft.objects.get().number == 1


def test_of_two_imports_at_once_that_want_one_name_the_later_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    base, drafter = make_draft(paragraphs=1, number=1), make_user("drafter")
    fields = {"filename": "x.md", "language": "fr", "status": "working", "label": "Projet"}
    fields["guidelines_slug"] = base.guidelines.slug
    with meanwhile(
        monkeypatch, importing, lambda: import_draft(actor=drafter, content=TEXT, **fields)
    ) as finish:
        import_draft(actor=drafter, content=TEXT, **fields)
        with pytest.raises(drafting.ValidationError) as error:
            finish()
    assert list(error.value.message_dict) == ["label"]
    assert given(Draft.objects.get(number=2)) == {"fr": "Projet"}
    assert Draft.objects.count() == 2


def test_an_import_that_was_overtaken_looks_for_its_provisions_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    base, drafter = make_draft(paragraphs=2, number=1), make_user("drafter")
    slug = base.guidelines.slug
    fields = {"filename": "x.md", "language": "en", "status": "working", "guidelines_slug": slug}
    with meanwhile(
        monkeypatch,
        importing,
        lambda: import_draft(actor=drafter, content=TEXT, label="Imported", **fields),
    ) as finish:
        begun = begin_draft(actor=drafter, base=base, label="Begun meanwhile")
        finish()
    imported = Draft.objects.get(label_en="Imported")
    assert (imported.number, imported.base, words_of(imported)) == (
        3,
        begun,
        ["First words.", "Second words."],
    )


def test_guidelines_imported_for_the_first_time_by_two_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"filename": "x.md", "language": "en", "status": "working", "guidelines_slug": "new"}
    make = importing._make_guidelines
    others = iter([True])

    def overtaken(*given: Any) -> Any:
        if next(others, False):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(run, "Other").result(PATIENCE)
        return make(*given)

    def run(label: str) -> None:
        try:
            import_draft(actor=None, content=TEXT, label=label, **fields)
        finally:
            connections.close_all()

    monkeypatch.setattr(importing, "_make_guidelines", overtaken)
    import_draft(actor=None, content=TEXT, label="Mine", **fields)
    assert list(Draft.objects.order_by("number").values_list("number", "label_en")) == [
        (0, "Other"),
        (1, "Mine"),
    ]
