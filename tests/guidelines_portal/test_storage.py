"""Static files, collected or not."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command
from pytest_django import Settings

from guidelines_portal.storage import CollectedStaticFilesStorage

NAME = "django_htmx/django-htmx.js"


def storage(root: Path) -> CollectedStaticFilesStorage:
    return CollectedStaticFilesStorage(location=str(root), base_url="/static/")


def test_before_collecting_names_are_plain(tmp_path: Path) -> None:
    assert storage(tmp_path).url(NAME) == f"/static/{NAME}"


def test_after_collecting_names_last_and_files_are_compressed(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "guidelines_portal.storage.CollectedStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    address = storage(tmp_path).url(NAME)
    assert re.fullmatch(r"/static/django_htmx/django-htmx\.[0-9a-f]{12}\.js", address)
    collected = tmp_path / address.removeprefix("/static/")
    original = finders.find(NAME)
    assert original
    assert collected.read_bytes() == Path(original).read_bytes()
    assert collected.with_name(collected.name + ".gz").is_file()
    assert collected.with_name(collected.name + ".br").is_file()
    module = tmp_path / storage(tmp_path).url("js/reading.js").removeprefix("/static/")
    assert re.search(r'from "\./place\.[0-9a-f]{12}\.js"', module.read_text())
    assert storage(tmp_path).url("came/with/an-upgrade.css") == "/static/came/with/an-upgrade.css"


def test_files_of_pages_that_the_portal_does_not_have_are_not_served() -> None:
    assert finders.find(NAME)
    assert finders.find("rest_framework/css/bootstrap.min.css") is None
