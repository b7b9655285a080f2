"""The Django peer for submissions and reviews, timed: run by the Python of an environment that has pretalx.

Makes 500 submissions and 2,500 reviews of three criteria in a test database of its own; opens its list, its review
dashboard (50 a page) and its sheet of reviews as an organiser; writes the median milliseconds of each, with the number
of its queries, as JSON on its last line.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretalx.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.utils.timezone import now
from django_scopes import scope, scopes_disabled
from pretalx.event.models import Event
from pretalx.event.utils import create_organiser_with_team
from pretalx.person.models import SpeakerProfile, User
from pretalx.submission.models import Review, ReviewScore, ReviewScoreCategory, Submission

SUBMISSIONS, EACH, REVIEWERS, A_PAGE = 500, 5, 12, 50


def main() -> None:
    repetitions = int(sys.argv[1])
    setup_test_environment()
    call_command("collectstatic", interactive=False, verbosity=0)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        organiser, event, sheet = fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        client.force_login(organiser)
        pages: dict[str, tuple[str, dict[str, str] | None]] = {
            "list": (f"/orga/event/{event.slug}/submissions/?page_size={A_PAGE}", None),
            "board": (f"/orga/event/{event.slug}/reviews/?page_size={A_PAGE}", None),
            "sheet": (f"/orga/event/{event.slug}/reviews/export/", sheet),
        }
        print(json.dumps({part: measured(client, *page, repetitions) for part, page in pages.items()}))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measured(client: Client, path: str, form: dict[str, str] | None, repetitions: int) -> dict[str, float]:
    def get() -> None:
        response = client.get(path) if form is None else client.post(path, form)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        rows = body.count(b"\n") if form else body.count(b"<tr")
        if response.status_code != 200 or rows < (SUBMISSIONS * EACH if form else A_PAGE):
            raise RuntimeError(f"{path} answered {response.status_code} with {rows} rows")

    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    return {"queries": len(captured), "ms": median(get, 3 if form else repetitions)}


def median(act: Callable[[], object], repetitions: int) -> float:
    took = []
    for _ in range(repetitions):
        start = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took)


def fill() -> tuple[Any, Any, dict[str, str]]:
    """The organiser, the event, and what the form of the sheet is sent: every column there is."""
    chance = random.Random(5)
    organiser = User.objects.create_user(name="Organiser", email="organiser@example.org")
    host, team = create_organiser_with_team(name="Bench", slug="benchhost", users=[organiser])
    with scopes_disabled():
        event = Event.objects.create(
            name="Bench",
            slug="bench",
            organiser=host,
            is_public=True,
            date_from=(now() + timedelta(days=30)).date(),
            date_to=(now() + timedelta(days=32)).date(),
            timezone="UTC",
            email="bench@example.org",
            locale_array="en",
            locale="en",
        )
    team.can_change_event_settings = team.can_change_submissions = team.is_reviewer = True
    team.save()
    team.limit_events.add(event)
    with scope(event=event):
        event.build_initial_data()
        event.score_categories.all().delete()
        scores = [marks(event, name) for name in ("Suitability", "Capacity", "Willingness")]
        kind = event.cfp.default_type
        reviewers = [
            User.objects.create_user(name=f"Reviewer {n}", email=f"reviewer{n}@example.org")
            for n in range(REVIEWERS)
        ]
        for n in range(SUBMISSIONS):
            speaker = User.objects.create_user(name=f"Speaker Number {n}", email=f"speaker{n}@example.org")
            SpeakerProfile.objects.create(user=speaker, event=event, biography="")
            submission = Submission.objects.create(
                event=event, title=f"Submission number {n}", submission_type=kind, content_locale="en"
            )
            submission.speakers.add(speaker)
            for reviewer in chance.sample(reviewers, EACH):
                review = Review.objects.create(
                    submission=submission, user=reviewer, text="Knows the field well."
                )
                review.scores.set([chance.choice(each) for each in scores])
                review.save(update_score=True)
        columns = ["score", "text", "submission_id", "submission_title", "created", "updated", "user_name"]
        columns += [f"score_{each.pk}" for each in event.score_categories.all()]
    return organiser, event, {"target": "all", "export_format": "csv", **dict.fromkeys(columns, "on")}


def marks(event: Any, name: str) -> list[Any]:
    criterion = ReviewScoreCategory.objects.create(event=event, name=name)
    return [
        ReviewScore.objects.create(category=criterion, value=value, label=str(value))
        for value in range(2, 11)
    ]


if __name__ == "__main__":
    main()
