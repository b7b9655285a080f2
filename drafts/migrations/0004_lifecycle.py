from django.conf import settings
from django.db import migrations, models

from drafts import protection


def note_when(apps, schema_editor):
    """Times of what was done before they were kept, and at most one published draft of the same guidelines."""
    Draft = apps.get_model("drafts", "Draft")
    Draft.objects.filter(status="circulated").update(circulated_at=models.F("created_at"))
    Draft.objects.filter(status="adopted").update(adopted_at=models.F("published_at"))
    # Each row once: PostgreSQL alters no table whose rows were changed twice in the same transaction.
    Draft.objects.filter(status="superseded").update(superseded_at=models.F("published_at"))
    seen = set()
    for draft in Draft.objects.filter(status="published").order_by("guidelines", "-number"):
        if draft.guidelines_id in seen:
            Draft.objects.filter(pk=draft.pk).update(
                status="superseded", superseded_at=models.F("published_at")
            )
        seen.add(draft.guidelines_id)
    ended = apps.get_model("drafts", "StatusRequest").objects.filter(ended_at__isnull=False)
    ended.update(ending="withdrawn")


def lift_protection(apps, schema_editor):
    """SQLite rebuilds no table that a trigger of another one names; `migrate` puts the protection back."""
    protection.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("drafts", "0003_output"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift_protection, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name="draft",
            name="draft_published_has_time",
        ),
        migrations.RemoveConstraint(
            model_name="statusrequest",
            name="status_request_one_open",
        ),
        migrations.RemoveIndex(
            model_name="statusrequest",
            name="status_request_due",
        ),
        migrations.RenameField(
            model_name="statusrequest",
            old_name="withdrawn_at",
            new_name="ended_at",
        ),
        migrations.RenameField(
            model_name="statusrequest",
            old_name="withdrawn_by",
            new_name="ended_by",
        ),
        migrations.AddField(
            model_name="draft",
            name="adopted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="circulated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="superseded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="statusrequest",
            name="asked_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="statusrequest",
            name="confirmed_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="statusrequest",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[("withdrawn", "Withdrawn"), ("declined", "Declined"), ("lapsed", "Not carried out")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="statusrequest",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="statusrequest",
            name="reason",
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(note_when, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="statusrequest",
            index=models.Index(
                condition=models.Q(("carried_out_at__isnull", True), ("ended_at__isnull", True)),
                fields=["due_at"],
                name="status_request_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("status__in", ["working", "circulated"])),
                    models.Q(
                        ("published_at__isnull", False),
                        ("status__in", ["published", "superseded", "adopted"]),
                    ),
                    _connector="OR",
                ),
                name="draft_published_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "circulated"), _negated=True),
                    ("circulated_at__isnull", False),
                    _connector="OR",
                ),
                name="draft_circulated_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "superseded"), ("superseded_at__isnull", False)),
                    models.Q(
                        models.Q(("status", "superseded"), _negated=True), ("superseded_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="draft_superseded_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adopted_at__isnull", False), ("status", "adopted")),
                    models.Q(models.Q(("status", "adopted"), _negated=True), ("adopted_at__isnull", True)),
                    _connector="OR",
                ),
                name="draft_adopted_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "published")),
                fields=("guidelines",),
                name="draft_one_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="status_request_confirmed_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ending", "")),
                    models.Q(
                        ("carried_out_at__isnull", True),
                        ("ended_at__isnull", False),
                        models.Q(("ending", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="status_request_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ending", "declined"), _negated=True),
                    models.Q(("ended_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="status_request_declined_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__isnull", True), ("target", "published"), _connector="OR"),
                name="status_request_only_publishing_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("carried_out_at__isnull", True), ("ended_at__isnull", True)),
                fields=("draft",),
                name="status_request_one_open",
            ),
        ),
    ]
