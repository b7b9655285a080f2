from typing import Any

from django.db import migrations, models

from accounts.pseudonyms import pseudonym_of


def keep_names(apps: Any, schema_editor: Any) -> None:
    """Names as they are today; whoever withdrew consent after speaking has given theirs up for good."""
    Position = apps.get_model("consultations", "Position")
    Consent = apps.get_model("accounts", "Consent")
    withdrawn: dict[int, Any] = {}
    for person, at in Consent.objects.filter(withdrawn_at__isnull=False).values_list("user", "withdrawn_at"):
        withdrawn[person] = max(at, withdrawn.get(person, at))
    positions = Position.objects.filter(user__isnull=False).select_related("user")
    for position in positions.iterator(chunk_size=500):
        last = withdrawn.get(position.user_id)
        gone = last is not None and last >= position.at
        name = pseudonym_of(position.user) if gone else position.user.name
        Position.objects.filter(pk=position.pk).update(author_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations"),
        ("consultations", "0004_mentions"),
    ]

    operations = [
        migrations.AddField(
            model_name="position",
            name="author_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
    ]
