"""A row of the table of pages: an address, what is sent there, and who sees what.

A row's path stands under the page's language and is filled from ``world.py``. With ``post`` the page is what comes
back when that is sent; ``status`` is what everyone in ``roles`` is answered. Which address a row covers is resolved.
"""

from dataclasses import dataclass, field
from typing import Any

Posted = dict[str, Any]

OPEN = ("anonymous", "participant", "member", "focal", "drafter", "staff", "admin")
SIGNED_IN = OPEN[1:]
READERS = ("member", "focal", "drafter", "staff")  # whoever a round of a group or its secretariat counts in
DESK = ("drafter", "staff")
STAFF = ("staff",)
PEOPLE = ("staff", "admin")
NOBODY = ("anonymous",)
FACTOR = ("secured",)
ME = ("member",)


@dataclass(frozen=True)
class Row:
    path: str
    roles: tuple[str, ...] = OPEN
    status: int = 200
    post: Posted | None = None
    before: tuple[tuple[str, Posted | None], ...] = field(default=())  # asked by the same client, before

    @property
    def name(self) -> str:
        sent = (
            "" if self.post is None else f" {self.status} {' '.join(map(str, self.post)) or 'nothing sent'}"
        )
        return f"{self.path or '/'}{sent}{' after steps' * bool(self.before)}"


def get(*paths: str, roles: tuple[str, ...] = OPEN, status: int = 200, **more: Any) -> list[Row]:
    return [Row(path, roles, status, **more) for path in paths]


def post(path: str, sent: Posted, *roles: str, status: int = 400, **more: Any) -> Row:
    return Row(path, roles, status, sent, **more)
