from django.db import migrations, models


class Migration(migrations.Migration):
    """What a document is made of. Nothing was made before this."""

    dependencies = [("drafts", "0002_drafting"), ("core", "0002_portals_own")]

    operations = [
        migrations.RemoveConstraint(model_name="rendering", name="rendering_once"),
        migrations.AddField(
            model_name="rendering",
            name="made_of",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="rendering",
            constraint=models.UniqueConstraint(
                fields=("draft", "language", "format", "made_of", "recipe"), name="rendering_once"
            ),
        ),
    ]
