from typing import Any

from django.db import migrations, models


def tell_apart(apps: Any, schema_editor: Any) -> None:
    """Those who had accepted and gave the place up were kept as if they had declined."""
    Appointment = apps.get_model("experts", "Appointment")
    Move = apps.get_model("experts", "NominationMove")
    Nomination = apps.get_model("experts", "Nomination")
    given_up = Move.objects.filter(before__in=("accepted", "published"), after="declined")
    # Somebody may have been invited again since, and declined.
    last = [
        Move.objects.filter(nomination=pk).order_by("-pk").first()
        for pk in Nomination.objects.filter(state="declined", pk__in=given_up.values("nomination"))
        .values_list("pk", flat=True)
        .distinct()
    ]
    left = [made.nomination_id for made in last if made.before in ("accepted", "published")]
    Nomination.objects.filter(pk__in=left).update(state="resigned")
    held = Appointment.objects.filter(answer="declined", nomination__in=left)
    held.exclude(group__kind="regional").update(answer="resigned")
    given_up.update(after="resigned")
    gone = Move.objects.filter(before="joined_group", after="not_selected").values("nomination")
    Appointment.objects.filter(answer="declined", group__kind="regional", nomination__in=gone).update(
        answer="resigned"
    )


def tell_alike(apps: Any, schema_editor: Any) -> None:
    apps.get_model("experts", "Appointment").objects.filter(answer="resigned").update(answer="declined")
    apps.get_model("experts", "NominationMove").objects.filter(after="resigned").update(after="declined")
    apps.get_model("experts", "NominationMove").objects.filter(before="resigned").update(before="declined")
    apps.get_model("experts", "Nomination").objects.filter(state="resigned").update(state="declined")


class Migration(migrations.Migration):
    dependencies = [
        ("experts", "0004_decided_while_open"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appointment",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[("accepted", "Accepted"), ("declined", "Declined"), ("resigned", "Resigned")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="nomination",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("awaiting_nominee", "With the nominee"),
                    ("awaiting_endorsement", "Waiting for endorsement"),
                    ("submitted", "Submitted"),
                    ("eligible", "Eligible"),
                    ("ineligible", "Not eligible"),
                    ("scored", "Scored"),
                    ("proposed", "Proposed"),
                    ("alternate", "Alternate"),
                    ("not_selected", "Not selected"),
                    ("invited", "Invited"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("resigned", "Resigned"),
                    ("lapsed", "Invitation lapsed"),
                    ("published", "Published"),
                    ("invited_to_group", "Invited to the regional group"),
                    ("joined_group", "In the regional group"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="nominationmove",
            name="after",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("awaiting_nominee", "With the nominee"),
                    ("awaiting_endorsement", "Waiting for endorsement"),
                    ("submitted", "Submitted"),
                    ("eligible", "Eligible"),
                    ("ineligible", "Not eligible"),
                    ("scored", "Scored"),
                    ("proposed", "Proposed"),
                    ("alternate", "Alternate"),
                    ("not_selected", "Not selected"),
                    ("invited", "Invited"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("resigned", "Resigned"),
                    ("lapsed", "Invitation lapsed"),
                    ("published", "Published"),
                    ("invited_to_group", "Invited to the regional group"),
                    ("joined_group", "In the regional group"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="nominationmove",
            name="before",
            field=models.CharField(
                blank=True,
                choices=[
                    ("draft", "Draft"),
                    ("awaiting_nominee", "With the nominee"),
                    ("awaiting_endorsement", "Waiting for endorsement"),
                    ("submitted", "Submitted"),
                    ("eligible", "Eligible"),
                    ("ineligible", "Not eligible"),
                    ("scored", "Scored"),
                    ("proposed", "Proposed"),
                    ("alternate", "Alternate"),
                    ("not_selected", "Not selected"),
                    ("invited", "Invited"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("resigned", "Resigned"),
                    ("lapsed", "Invitation lapsed"),
                    ("published", "Published"),
                    ("invited_to_group", "Invited to the regional group"),
                    ("joined_group", "In the regional group"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(tell_apart, tell_alike),
    ]
