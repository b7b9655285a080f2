"""Reminders to take part; tallies of what has no answer yet, filled from what was counted before."""

import uuid
from collections import Counter, defaultdict

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

MEASURES = ("proposals", "support", "oppose")


def fill_tallies(apps, schema_editor):
    """Book every counted comment without an answer under its provision, as the tally job does from now on.

    What the job would add to a comment it meets later is then already there, so nothing is counted twice.
    """
    for round_id in apps.get_model("consultations", "Round").objects.values_list("pk", flat=True):
        _fill_round(apps, round_id)


def _fill_round(apps, round_id):
    Comment, Tally, TallyParticipant = (
        apps.get_model("consultations", name) for name in ("Comment", "Tally", "TallyParticipant")
    )
    sums, people, booked = defaultdict(Counter), Counter(), []
    comments = Comment.objects.filter(round=round_id, disposition=None).only("counted")
    for comment in comments.order_by("pk").iterator(chunk_size=2000):
        counted = comment.counted
        places = [
            key
            for audience, dimension, key in counted.get("cells", [])
            if (audience, dimension) == ("staff", "provision")
        ]
        if not places or any(dimension == "unanswered" for _audience, dimension, _key in counted["cells"]):
            continue
        counted["cells"] = sorted([*counted["cells"], ["staff", "unanswered", places[0]]])
        booked.append(comment)
        sums[places[0]].update(comments=1, **{name: counted[name] for name in MEASURES})
        if counted["author"] is not None:
            people[(places[0], counted["author"])] += 1
    for key, _author in people:
        sums[key]["participants"] += 1
    cell = {"round_id": round_id, "audience": "staff", "dimension": "unanswered"}
    Comment.objects.bulk_update(booked, ["counted"], batch_size=200)
    Tally.objects.bulk_create((Tally(key=key, **cell, **sum_) for key, sum_ in sums.items()), batch_size=500)
    TallyParticipant.objects.bulk_create(
        (
            TallyParticipant(key=key, author_id=author, comments=n, **cell)
            for (key, author), n in people.items()
        ),
        batch_size=500,
    )


def empty_tallies(apps, schema_editor):
    """Back: what the former job would take for too much."""
    for name in ("Tally", "TallyParticipant"):
        apps.get_model("consultations", name).objects.filter(dimension="unanswered").delete()
    Comment = apps.get_model("consultations", "Comment")
    for comment in Comment.objects.order_by("pk").iterator(chunk_size=2000):
        if comment.counted:
            comment.counted["cells"] = [c for c in comment.counted["cells"] if c[1] != "unanswered"]
            comment.save(update_fields=["counted"])


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0010_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="tally",
            name="dimension",
            field=models.CharField(
                choices=[
                    ("total", "Total"),
                    ("provision", "Provision"),
                    ("pillar", "Pillar"),
                    ("kind", "Kind"),
                    ("region", "Region"),
                    ("stakeholder", "Stakeholder group"),
                    ("disposition", "Answer"),
                    ("language", "Language"),
                    ("day", "Day"),
                    ("part", "Part and answer"),
                    ("wait", "Days to the answer"),
                    ("unanswered", "Not answered"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="RoundReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("choice", models.JSONField(blank=True, default=dict)),
                ("people", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="consultations.round",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-id"],
            },
        ),
        migrations.RunPython(fill_tallies, empty_tallies),
    ]
