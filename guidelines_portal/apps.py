from django.apps import AppConfig


class GuidelinesPortalConfig(AppConfig):
    """Registers the checks on the installation's settings and the demonstration's commands."""

    name = "guidelines_portal"
    label = "guidelines_portal"

    def ready(self) -> None:
        from guidelines_portal import checks  # noqa: F401  registers itself
