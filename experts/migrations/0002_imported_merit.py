from typing import Any

from django.db import migrations, models


def keep_imported(apps: Any, schema_editor: Any) -> None:
    """The imported merits that count today; those that gave way to reviews earlier are gone."""
    Nomination = apps.get_model("experts", "Nomination")
    standing = Nomination.objects.filter(merit_imported=True, imported_merit=None)
    standing.update(imported_merit=models.F("merit"))


class Migration(migrations.Migration):
    dependencies = [("experts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="nomination",
            name="imported_merit",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("imported_merit__isnull", True),
                    models.Q(("imported_merit__gte", 0), ("imported_merit__lte", 100)),
                    _connector="OR",
                ),
                name="nomination_imported_merit",
            ),
        ),
        migrations.RunPython(keep_imported, migrations.RunPython.noop),
    ]
