"""Which voices a reader wants to see beside the text; kept in the address."""

from collections.abc import Container
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import StakeholderGroup
from consultations.models import Comment, Disposition
from consultations.queries import of_known_origin

LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class VoiceFilter:
    """Kind, language, stakeholder group; only mine; only what has no published answer."""

    kind: str = ""
    language: str = ""  # ``?spoken=``: of the comments, not of the text
    group: str = ""
    mine: bool = False
    unanswered: bool = False

    @classmethod
    def of(cls, given: QueryDict) -> "VoiceFilter":
        """What an address asks for; values that mean nothing are left out."""
        return cls(
            kind=_one_of(given.get("kind"), Comment.Kind.values),
            language=_one_of(given.get("spoken"), LANGUAGES),
            group=_one_of(given.get("group"), StakeholderGroup.values),
            mine=given.get("mine") == "1",
            unanswered=given.get("unanswered") == "1",
        )

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        """The part of an address that asks for the same again."""
        asked = QueryDict(mutable=True)
        values = {"kind": self.kind, "spoken": self.language, "group": self.group}
        values |= {"mine": "1" if self.mine else "", "unanswered": "1" if self.unanswered else ""}
        for name, value in values.items():
            if value:
                asked[name] = value
        return asked.urlencode()

    def narrow(self, comments: "QuerySet[Comment]", user: Any, round: Any) -> "QuerySet[Comment]":
        """The comments it lets through: by group only those whose group the caller may know."""
        if self.kind:
            comments = comments.filter(kind=self.kind)
        if self.language:
            comments = comments.filter(language=self.language)
        if self.group:
            comments = of_known_origin(comments, user, round).filter(stakeholder_group=self.group)
        if self.mine:
            comments = comments.filter(author=user.pk) if user.is_authenticated else comments.none()
        if self.unanswered:
            published = Disposition.objects.filter(published_at__isnull=False)
            comments = comments.exclude(disposition__in=published)
        return comments


def _one_of(value: str | None, known: Container[str]) -> str:
    return value if value and value in known else ""
