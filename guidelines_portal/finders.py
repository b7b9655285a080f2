"""Which static files the portal serves."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder


class ServedAppsFinder(AppDirectoriesFinder):
    """Files of the apps in STATICFILES_APPS, but for those matching STATICFILES_LEFT_OUT.

    Installed apps also carry files for pages that the portal doesn't have (an admin, a browsable API);
    compressing those would make up most of the time that `collectstatic` takes.
    """

    def __init__(self, app_names: Sequence[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(app_names, *args, **kwargs)
        served = set(settings.STATICFILES_APPS)
        self.apps = [name for name in self.apps if name in served]
        self.storages = {name: storage for name, storage in self.storages.items() if name in served}

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return super().list([*(ignore_patterns or ()), *settings.STATICFILES_LEFT_OUT])
