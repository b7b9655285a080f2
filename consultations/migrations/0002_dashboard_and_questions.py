"""Questions of a round; tallies by language and by day, filled from what was counted before."""

from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

MEASURES = ("proposals", "support", "oppose")


def fill_tallies(apps, schema_editor):
    """Book every counted comment under its language and its day, as the tally job does from now on.

    What the job would add to a comment it meets later is then already there, so nothing is counted twice.
    """
    Round = apps.get_model("consultations", "Round")
    zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
    for round_id in Round.objects.values_list("pk", flat=True):
        _fill_round(apps, round_id, zone)


def _fill_round(apps, round_id, zone):
    Comment, Tally, TallyParticipant = (
        apps.get_model("consultations", name) for name in ("Comment", "Tally", "TallyParticipant")
    )
    sums, people, booked = defaultdict(Counter), Counter(), []
    comments = Comment.objects.filter(round=round_id).only("counted", "language", "submitted_at")
    for comment in comments.order_by("pk").iterator(chunk_size=2000):
        counted = comment.counted
        if not counted or any(dimension == "day" for _audience, dimension, _key in counted["cells"]):
            continue
        day = comment.submitted_at.astimezone(zone).date().isoformat() if comment.submitted_at else ""
        audiences = {audience for audience, _dimension, _key in counted["cells"]}
        new = [
            [audience, *cell]
            for audience in audiences
            for cell in (("language", comment.language), ("day", day))
        ]
        counted["cells"] = sorted(counted["cells"] + new)
        booked.append(comment)
        for cell in map(tuple, new):
            sums[cell].update(comments=1, **{name: counted[name] for name in MEASURES})
            people[(cell, counted["author"])] += 1
    for (cell, _author), _n in people.items():
        sums[cell]["participants"] += 1
    Comment.objects.bulk_update(booked, ["counted"], batch_size=200)
    Tally.objects.bulk_create(
        (Tally(round_id=round_id, audience=a, dimension=d, key=k, **m) for (a, d, k), m in sums.items()),
        batch_size=500,
    )
    TallyParticipant.objects.bulk_create(
        (
            TallyParticipant(round_id=round_id, audience=a, dimension=d, key=k, author_id=author, comments=n)
            for ((a, d, k), author), n in people.items()
        ),
        batch_size=500,
    )


def empty_tallies(apps, schema_editor):
    """Back: what the former job would take for too much."""
    for name in ("Tally", "TallyParticipant"):
        apps.get_model("consultations", name).objects.filter(dimension__in=["language", "day"]).delete()
    Comment = apps.get_model("consultations", "Comment")
    for comment in Comment.objects.order_by("pk").iterator(chunk_size=2000):
        if comment.counted:
            comment.counted["cells"] = [
                c for c in comment.counted["cells"] if c[1] not in ("language", "day")
            ]
            comment.save(update_fields=["counted"])


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0001_initial"),
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
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("choice", "One choice"),
                            ("multiple", "Several choices"),
                            ("scale", "Scale from 1 to 5"),
                            ("open", "In your own words"),
                        ],
                        max_length=10,
                    ),
                ),
                ("wording", models.CharField(max_length=500)),
                ("wording_ar", models.CharField(max_length=500, null=True)),
                ("wording_en", models.CharField(max_length=500, null=True)),
                ("wording_es", models.CharField(max_length=500, null=True)),
                ("wording_fr", models.CharField(max_length=500, null=True)),
                ("wording_ru", models.CharField(max_length=500, null=True)),
                ("wording_zh_hans", models.CharField(max_length=500, null=True)),
                ("options", models.JSONField(blank=True, default=list)),
                ("provision_key", models.CharField(blank=True, max_length=120)),
                ("required", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="consultations.round",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="QuestionAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.JSONField(blank=True, null=True)),
                ("late", models.JSONField(blank=True, null=True)),
                ("language", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("hidden_reason", models.TextField(blank=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question_answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="consultations.question",
                    ),
                ),
            ],
            options={
                "ordering": ["question", "at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["round", "position"], name="question_by_round"),
        ),
        migrations.AddIndex(
            model_name="questionanswer",
            index=models.Index(fields=["question", "at"], name="question_answer_by_time"),
        ),
        migrations.AddConstraint(
            model_name="questionanswer",
            constraint=models.UniqueConstraint(fields=("question", "author"), name="question_answer_once"),
        ),
        migrations.RunPython(fill_tallies, empty_tallies),
    ]
