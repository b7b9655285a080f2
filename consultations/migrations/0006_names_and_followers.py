from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.pseudonyms import pseudonym_of


def keep_names(apps: Any, schema_editor: Any) -> None:
    """Names as they are today; whoever withdrew consent after answering has given theirs up for good."""
    QuestionAnswer = apps.get_model("consultations", "QuestionAnswer")
    Consent = apps.get_model("accounts", "Consent")
    withdrawn: dict[int, Any] = {}
    for person, at in Consent.objects.filter(withdrawn_at__isnull=False).values_list("user", "withdrawn_at"):
        withdrawn[person] = max(at, withdrawn.get(person, at))
    answers = QuestionAnswer.objects.filter(author_name="").select_related("author")
    for answer in answers.iterator(chunk_size=500):
        last = withdrawn.get(answer.author_id)
        gone = last is not None and last >= answer.at
        name = pseudonym_of(answer.author) if gone else answer.author.name
        QuestionAnswer.objects.filter(pk=answer.pk).update(author_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations"),
        ("consultations", "0005_names_beside_positions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoundFollower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="consultations.round",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "user"), name="round_follower_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="questionanswer",
            name="author_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
    ]
