"""How the API reads what it is sent."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser


class PortalJSONParser(JSONParser):
    """JSON; what is nested too deeply to be read is the sender's mistake, not the portal's."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            read: dict[str, Any] = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply.") from None
        if isinstance(read, dict):
            for name, value in read.items():
                if not _can_be_written(name) or not _can_be_written(value):
                    where = name if _can_be_written(name) else "detail"
                    raise ValidationError(
                        {where: ["This holds half of a surrogate pair, which is no character."]}
                    )
        return read


def _can_be_written(value: Any) -> bool:
    """Whether all text in ``value`` can be encoded: JSON can escape half of a surrogate pair, UTF-8 can't."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            try:
                each.encode()
            except UnicodeEncodeError:
                return False
    return True
