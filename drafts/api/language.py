"""The language in which texts, titles and messages are answered."""

from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model
from django.utils.translation import activate, get_language
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LANGUAGE_PARAMETER = OpenApiParameter("language", enum=LANGUAGES, description="Language of the texts.")
CHOOSE_LANGUAGE = f"Choose one of: {', '.join(LANGUAGES)}."


def asked_language(request: Request) -> str:
    """``?language=``, else what Accept-Language agreed on."""
    asked = request.query_params.get("language")
    if asked is None:
        return get_language() or "en"
    if asked not in LANGUAGES:
        raise ValidationError({"language": [CHOOSE_LANGUAGE]})
    return asked


M = TypeVar("M", bound=Model)


class LanguageViewSet(viewsets.GenericViewSet[M]):
    """Titles, labels and messages are in the language asked for, as the texts are."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        activate(asked_language(request))  # for this request: the next one begins with its own
