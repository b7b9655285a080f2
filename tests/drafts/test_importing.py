"""Importing a draft: all of it or nothing, and provisions found again keep their keys."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.verdicts import Refusal
from drafts import protection
from drafts.actions.editions import canonical_bytes
from drafts.actions.importing import add_translation, import_draft
from drafts.models import Draft, Edition, Guidelines, Provision, ProvisionText, Revision
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "HSP-HA.2-14.draft-guidelines.zh.txt"

TEXT = """---
title: Small guidelines
language: en
---
# I. Introduction

1. Cities use data with care.[^1]

(a) They ask before they collect.

(b) They publish what they learn.

# II. Guidelines

### Shared prosperity {pillar 1}

2. Prosperity is for everyone in the city.

#### Principles {principles}

(a) Growth serves people first.

#### Actions {actions}

3. National governments are encouraged to: {national_government}

(a) Fund small enterprises that train young people.

(b) Measure what digital services change for people.

[^1]: New Urban Agenda.
"""

CHINESE = """---
title: 小准则
language: zh-hans
---
# 一、 导言

1. 城市谨慎使用数据。[^1]

(a) 收集之前先征得同意。

[^1]: 《新城市议程》。
"""


def run_import(text: str = TEXT, **fields: Any) -> dict[str, Any]:
    fields = {"guidelines_slug": "small", "label": "Draft 1", "language": "en", "actor": None, **fields}
    return import_draft(content=text.encode(), filename="draft.md", **fields)


def nothing_was_written() -> bool:
    return not any(
        model.objects.exists() for model in (Guidelines, Draft, Provision, ProvisionText, Revision)
    )


def test_an_imported_draft_is_published_with_its_edition() -> None:
    report = run_import()
    draft = Draft.objects.get(pk=report["draft"])
    assert (draft.status, draft.number, draft.label) == ("published", 0, "Draft 1")
    assert report["counts"]["action"] == 2
    action = Provision.objects.get(draft=draft, key="para_3__a")
    assert (action.kind, action.pillar, action.actor) == ("action", 1, "national_government")
    text = ProvisionText.objects.get(provision__key="para_1", language="en")
    assert text.text == "Cities use data with care.[^1]"
    assert text.footnotes == [{"label": "1", "number": "1", "key": "fn_1"}]
    assert Revision.objects.filter(provision_text=text, version=1).exists()
    edition = Edition.objects.get(draft=draft)
    assert bytes(edition.canonical) == canonical_bytes(draft, "en")
    assert len(edition.sha256) == 64


def test_a_dry_run_reports_and_writes_nothing() -> None:
    report = run_import(dry_run=True)
    assert (report["draft"], report["counts"]["paragraph"]) == (None, 3)
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"guidelines_slug": "not a slug"}, "guidelines"),
        ({"language": "de"}, "language"),
        ({"label": " "}, "label"),
        ({"label": "x" * 121}, "label"),
        ({"status": "adopted"}, "status"),
        ({"number": -1}, "number"),
    ],
)
def test_bad_input_is_refused_by_field_and_nothing_is_written(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        run_import(**fields)
    assert set(error.value.message_dict) == {field}
    assert nothing_was_written()


def test_a_label_or_number_that_exists_is_refused() -> None:
    run_import()
    with pytest.raises(ValidationError) as error:
        run_import(label="draft 1")
    assert set(error.value.message_dict) == {"label"}
    with pytest.raises(ValidationError) as error:
        run_import(label="Draft 2", number=0)
    assert set(error.value.message_dict) == {"number"}
    assert Draft.objects.count() == 1


def test_only_the_secretariat_and_drafters_import() -> None:
    with pytest.raises(Refusal):
        run_import(actor=make_user("expert"))
    assert run_import(actor=make_user("drafter"))["draft"]


def test_a_later_import_keeps_keys_though_numbers_move() -> None:
    run_import()
    later = TEXT.replace(
        "(a) Fund small enterprises that train young people.\n\n(b) Measure what digital services change for people.",
        "(a) Publish every contract for digital services.\n\n"
        "(b) Fund small enterprises that train young people well.\n\n"
        "(c) Measure what digital services change for people.",
    )
    report = run_import(later, label="Draft 2")
    rows = {
        row.number: row.key
        for row in Provision.objects.filter(draft=report["draft"], kind="action").order_by("position")
    }
    assert rows["3 (b)"] == "para_3__a"
    assert rows["3 (c)"] == "para_3__b"
    assert rows["3 (a)"] not in {"para_3__a", "para_3__b"}
    assert report["alignment"]["new"] == [rows["3 (a)"]]
    assert {"key": "para_3__a", "before": "3 (a)", "after": "3 (b)"} in report["alignment"]["renumbered"]
    statuses = dict(Draft.objects.values_list("number", "status"))
    assert statuses == {0: "superseded", 1: "published"}


def test_a_translation_is_added_by_key() -> None:
    draft = Draft.objects.get(pk=run_import(status="working")["draft"])
    add_translation(actor=None, draft=draft, content=CHINESE.encode(), filename="zh.md", language="zh-hans")
    words = ProvisionText.objects.get(provision__key="para_1", language="zh-hans")
    assert (words.text, words.translated_from_version) == ("城市谨慎使用数据。[^1]", 1)
    with pytest.raises(ValidationError):
        add_translation(
            actor=None, draft=draft, content=CHINESE.encode(), filename="z.md", language="zh-hans"
        )


def test_a_translation_with_a_provision_the_draft_lacks_is_refused() -> None:
    draft = Draft.objects.get(pk=run_import(status="working")["draft"])
    strange = CHINESE.replace("(a) 收", "(a) 收集。\n\n(b) 收集。\n\n(c) 收")
    with pytest.raises(ValidationError):
        add_translation(
            actor=None, draft=draft, content=strange.encode(), filename="z.md", language="zh-hans"
        )
    assert not ProvisionText.objects.filter(language="zh-hans").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE drafts_provision SET number = '99'",
        "DELETE FROM drafts_provision",
        "UPDATE drafts_provisiontext SET text = 'Other words'",
        "UPDATE drafts_revision SET reason = 'Other'",
        "DELETE FROM drafts_revision",
        "UPDATE drafts_edition SET sha256 = 'x'",
        "UPDATE drafts_draft SET status = 'working'",
        "UPDATE drafts_draft SET number = 9",
    ],
)
def test_the_database_refuses_to_change_a_published_draft(statement: str) -> None:
    run_import()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_working_draft_can_change() -> None:
    run_import(status="working")
    ProvisionText.objects.filter(provision__key="para_1").update(text="Other words.")
    assert ProvisionText.objects.get(provision__key="para_1").text == "Other words."


def test_a_missing_trigger_is_reported() -> None:
    assert protection.check_protection(databases=["default"]) == []
    with connection.cursor() as cursor:
        on = " ON drafts_edition" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER edition_no_update{on}")
    (error,) = protection.check_protection(databases=["default"])
    assert "edition_no_update" in error.msg
    protection.install(connection)
    assert protection.check_protection(databases=["default"]) == []


def test_the_command_prints_the_report(tmp_path: Path) -> None:
    file, out = tmp_path / "draft.md", StringIO()
    file.write_text(TEXT, encoding="utf-8")
    call_command(
        "import_draft", str(file), guidelines="small", label="Draft 1", language="en", number=3, stdout=out
    )
    report = json.loads(out.getvalue())
    assert Draft.objects.get(pk=report["draft"]).number == 3
    assert report["characters"]["read"] == report["characters"]["placed"] + report["characters"]["furniture"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02" * 500, "Straße".encode("utf-16"), b"Just a line without any structure.\n"],
    ids=["empty", "binary", "encoding", "no structure"],
)
def test_the_command_refuses_bad_files_with_one_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_bytes(content)
    with pytest.raises(CommandError) as error:
        call_command("import_draft", str(file), guidelines="small", label="D", language="en")
    assert error.value.returncode == 2
    assert str(error.value).strip() and "\n" not in str(error.value)
    assert nothing_was_written()


def test_the_command_refuses_a_missing_file() -> None:
    with pytest.raises(CommandError) as error:
        call_command("import_draft", "/nowhere/draft.txt", guidelines="small", label="D", language="en")
    assert error.value.returncode == 2


@pytest.mark.skipif(not SEED.exists(), reason=f"the published draft is not at {SEED}")
def test_the_published_draft_is_imported_with_its_exact_figures() -> None:
    report = import_draft(
        actor=None,
        content=SEED.read_bytes(),
        filename=SEED.name,
        guidelines_slug="smart-cities",
        label="HSP/HA.2/14",
        language="zh-hans",
    )
    assert report["counts"] == {
        "paragraph": 86,
        "pillar": 8,
        "principle": 40,
        "action": 176,
        "footnote": 67,
        "term": 33,
        "step": 3,
        "step_action": 8,
        "item": 21,
    }
    assert report["provisions"] == Provision.objects.filter(draft=report["draft"]).count()
    again = import_draft(
        actor=None,
        content=SEED.read_bytes(),
        filename=SEED.name,
        guidelines_slug="smart-cities",
        label="HSP/HA.2/14/Rev.1",
        language="zh-hans",
        dry_run=True,
    )
    assert (again["alignment"]["new"], again["alignment"]["gone"]) == ([], [])
    assert again["alignment"]["kept"] == report["provisions"]
