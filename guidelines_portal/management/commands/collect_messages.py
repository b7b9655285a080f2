"""Collect the interface's texts into the catalogues of all languages."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from guidelines_portal.catalogues import collect_texts, translated_languages, update_catalogue


class Command(BaseCommand):
    help = "Brings locale/ in step with the texts in templates and Python, keeping translations."

    def handle(self, **options: Any) -> None:
        texts = collect_texts(settings.BASE_DIR)
        for language in translated_languages():
            missing = update_catalogue(language, texts)
            self.stdout.write(f"{language}: {len(texts)} texts, {missing} not translated")
