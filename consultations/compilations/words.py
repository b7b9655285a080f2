"""How coded values are told: in words for people, as they are for programs."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language_info

from accounts.models import StakeholderGroup
from accounts.queries import region_names
from consultations.models import Comment, Disposition, Position


class Words:
    """Labels in the language that is active; with ``coded`` the codes themselves."""

    def __init__(self, *, coded: bool = False) -> None:
        self.coded = coded
        self._kinds = _labels(Comment.Kind.choices)
        self._statuses = _labels(Comment.Status.choices)
        self._groups = _labels(StakeholderGroup.choices)
        self._outcomes = _labels(Disposition.Outcome.choices)
        self._positions = _labels(Position.Value.choices)
        self._regions = region_names()
        self._languages = {
            code: str(get_language_info(code)["name_translated"]) for code, _name in settings.LANGUAGES
        }

    def kind(self, code: str) -> str:
        return self._told(self._kinds, code)

    def status(self, code: str) -> str:
        return self._told(self._statuses, code)

    def group(self, code: str) -> str:
        return self._told(self._groups, code)

    def region(self, code: str) -> str:
        return self._told(self._regions, code)

    def outcome(self, code: str) -> str:
        return self._told(self._outcomes, code)

    def position(self, code: str) -> str:
        return self._told(self._positions, code)

    def language(self, code: str) -> str:
        return self._told(self._languages, code)

    def at(self, moment: datetime | None) -> str:
        """In UTC: sorted as text it is sorted by time."""
        if moment is None:
            return ""
        return f"{moment.isoformat(timespec='seconds')[:19]}Z" if self.coded else moment.isoformat(" ")[:16]

    def _told(self, labels: Mapping[str, str], code: str) -> str:
        return code if self.coded else labels.get(code, code)


def _labels(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {code: str(label) for code, label in choices}
