"""Looks into a PDF from standard input, in a process of its own with little memory and time; prints JSON.

Run as a file, so that it loads nothing of the portal. What it can't read in time it doesn't answer: the caller takes
that for a file which is broken, or made to do harm.
"""

import io
import json
import resource
import sys

MEMORY = 768 * 1024 * 1024
SECONDS = 8
MOST_OBJECTS = 20_000
ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA", "/AA"}
ACTIVE_KINDS = {
    "/JavaScript",
    "/Launch",
    "/RichMedia",
    "/ImportData",
    "/SubmitForm",
    "/EmbeddedFile",
    "/Movie",
    "/Rendition",
    # Another file, also on another machine: Windows greets that one with the reader's credentials.
    "/GoToR",
    "/GoToE",
}


def inspect(content: bytes) -> dict[str, object]:
    """``encrypted``, or ``pages`` (whole tree walked) and ``active``: whether it holds scripts or other files."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        return {"encrypted": True}
    return {"pages": len(reader.pages), "active": _is_active(reader)}


def _is_active(reader: object) -> bool:
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    waiting: list[object] = [reader.trailer]  # type: ignore[attr-defined]
    seen: set[tuple[int, int]] = set()
    looked_at = 0
    while waiting:
        thing = waiting.pop()
        looked_at += 1
        if looked_at > MOST_OBJECTS * 20:
            raise ValueError("too many parts")
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) not in seen:
                seen.add((thing.idnum, thing.generation))
                if len(seen) > MOST_OBJECTS:
                    raise ValueError("too many objects")
                waiting.append(thing.get_object())
        elif isinstance(thing, DictionaryObject):
            kinds = {str(thing.raw_get(key)) for key in ("/S", "/Type", "/Subtype") if key in thing}
            if ACTIVE_KEYS & set(thing) or ACTIVE_KINDS & kinds or _opens_address(thing):
                return True
            waiting.extend(thing.raw_get(key) for key in thing)
        elif isinstance(thing, ArrayObject):
            waiting.extend(list.__iter__(thing))
    return False


def _opens_address(thing: dict[object, object]) -> bool:
    """Whether an address is called as soon as the file is opened. A link that people press is none of this."""
    action = thing["/OpenAction"] if "/OpenAction" in thing else None  # noqa: SIM401 it follows references; get doesn't
    return isinstance(action, dict) and "/S" in action and str(action["/S"]) == "/URI"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    print(json.dumps(inspect(sys.stdin.buffer.read())))
