"""What the HTML standard forbids and templates get wrong, without a service and without Java.

Elements are closed where they were opened, stand where they may stand, refer to what exists. The W3C's own checker
knows more: ``VNU_JAR=vnu.jar`` has ``test_every_page.py`` run it over the same pages.
"""

import re
from collections import Counter
from html.parser import HTMLParser


def names(of: str) -> set[str]:
    return set(of.split())


VOID = names("area base br col embed hr img input link meta source track wbr")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
FLOW_ONLY = HEADINGS | names(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form header hr main nav"
    " ol p pre section table ul"
)
PHRASING = HEADINGS | names(
    "p span label button legend strong em small b i bdi q code kbd sub sup abbr time cite mark pre"
)
KNOWN = VOID | FLOW_ONLY | PHRASING
KNOWN |= names(
    "html head body title a ins del script style template noscript li dt dd caption colgroup thead tbody tfoot"
)
KNOWN |= names(
    "tr th td select option optgroup datalist textarea summary progress meter output picture video audio canvas svg"
)
KNOWN |= names("search bdo rp rt ruby var samp data")
# What an element's children may be, where it takes no others.
CHILDREN = {
    **dict.fromkeys(("ul", "ol", "menu"), {"li", "script", "template"}),
    "dl": {"dt", "dd", "div", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    **dict.fromkeys(("thead", "tbody", "tfoot"), {"tr"}),
    "tr": {"th", "td"},
    "select": {"option", "optgroup", "hr"},
    "optgroup": {"option"},
}
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    **dict.fromkeys(("td", "th"), {"tr"}),
    "option": {"select", "optgroup", "datalist"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "figcaption": {"figure"},
    "caption": {"table"},
}
REFERS = (
    "for",
    "form",
    "list",
    "headers",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
)
NEVER_EMPTY = {"href", "id", "action", "src", "for", "name", "lang", "hreflang", "role"}
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
# They have no name of their own: one given by `aria-label` isn't read.
NAMELESS = {
    "div",
    "span",
    "p",
    "bdi",
    "small",
    "strong",
    "em",
    "i",
    "b",
    "dt",
    "dd",
    "li",
    "code",
    "ins",
    "del",
}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.first_child: list[bool] = []
        self.ids: dict[str, str] = {}
        self.refers: list[tuple[str, str, str]] = []
        self.seen: Counter[str] = Counter()
        self.text: list[str] = []
        self.doctype = False

    def say(self, what: str) -> None:
        self.wrong.append(f"line {self.getpos()[0]}: {what}")

    def handle_decl(self, decl: str) -> None:
        self.doctype = self.doctype or (decl.lower() == "doctype html" and not self.seen)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and "svg" not in self.open:
            self.say(f"<{tag}/> closes nothing")
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self._attributes(tag, attrs)
        if "svg" not in self.open:
            self._place(tag)
        if self.first_child:
            self.first_child[-1] = False
        if tag not in VOID:
            self.open.append(tag)
            self.first_child.append(True)
            if tag in HEADINGS | {"title", "button", "label", "legend", "summary"}:
                self.text.append("")
        elif tag == "img" or dict(attrs).get("type") == "image":
            self._into_text(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open or self.open[-1] != tag:
            self.say(f"</{tag}> where {self.open[-1:] or 'nothing'} is open")
            if tag not in self.open:
                return
            while self.open[-1] != tag:
                self.open.pop()
                self.first_child.pop()
        self.open.pop()
        self.first_child.pop()
        if tag in HEADINGS | {"title", "button", "label", "legend", "summary"} and self.text:
            words = self.text.pop()
            if not words.strip():
                self.say(f"<{tag}> is empty")
            self._into_text(words)

    def handle_data(self, data: str) -> None:
        self._into_text(data)
        if data.strip() and self.open and self.open[-1] in CHILDREN and self.open[-1] != "optgroup":
            self.say(f"words right inside <{self.open[-1]}>: {data.strip()[:40]}")

    def _into_text(self, words: str) -> None:
        if self.text:
            self.text[-1] += words

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        given = dict(attrs)
        for name in {name for name in names if names.count(name) > 1}:
            self.say(f"<{tag}> has {name} twice")
        for name, value in attrs:
            if name in NEVER_EMPTY and not value and (tag, name) != ("a", "href"):
                self.say(f"<{tag}> has an empty {name}")
            if name in REFERS and value:
                self.refers += [(tag, name, one) for one in value.split()]
        if "id" in given and given["id"]:
            if given["id"] in self.ids:
                self.say(f"id {given['id']} is there twice")
            if re.search(r"\s", given["id"]):
                self.say(f"id {given['id']!r} has a space")
            self.ids[given["id"]] = tag
        target = given.get("href") or ""
        if tag == "a" and len(target) > 1 and target[0] == "#":
            self.refers.append((tag, "href", target[1:]))
        if tag == "img" and "alt" not in given:
            self.say("<img> without alt")
        if tag in NAMELESS and ("aria-label" in given or "aria-labelledby" in given) and "role" not in given:
            self.say(f"<{tag} aria-label> without a role")
        if tag == "input" and given.get("type") == "hidden" and any(n.startswith("aria-") for n in names):
            self.say(f"hidden input {given.get('name')} has {names}")

    def _place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if tag not in KNOWN:
            self.say(f"<{tag}> is no element")
        if parent in CHILDREN and tag not in CHILDREN[parent]:
            self.say(f"<{tag}> right inside <{parent}>")
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.say(f"<{tag}> inside <{parent}>")
        if tag in {"legend", "summary"} and not self.first_child[-1]:
            self.say(f"<{tag}> isn't the first in <{parent}>")
        if tag in FLOW_ONLY:
            inside = [o for o in self.open if o in PHRASING]
            heading_in_summary = tag in HEADINGS and parent in {"summary", "legend"}
            if inside and not heading_in_summary:
                self.say(f"<{tag}> inside <{inside[-1]}>")
            if "summary" in self.open and not heading_in_summary:
                self.say(f"<{tag}> inside <summary>")
        for alone, others in (
            ("a", {"a", "button"}),
            ("button", {"a", "button"}),
            ("form", {"form"}),
            ("label", {"label", "a", "button"}),
            ("main", {"main", "article", "nav", "aside", "header", "footer"}),
            ("input", {"button", "a"}),
            ("details", {"a", "button", "label"}),
        ):
            if tag == alone and others & set(self.open):
                self.say(f"<{tag}> inside <{sorted(others & set(self.open))[0]}>")


def faults(html: str) -> list[str]:
    """What is wrong with a whole page, as readable lines; empty for a good one."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    wrong = reader.wrong
    if not reader.doctype:
        wrong.append("does not begin with <!doctype html>")
    if reader.open:
        wrong.append(f"never closed: {reader.open}")
    for tag in ("html", "head", "body", "title", "main", "h1"):
        if reader.seen[tag] != 1:
            wrong.append(f"{reader.seen[tag]} <{tag}>")
    for tag, name, target in reader.refers:
        if target not in reader.ids:
            wrong.append(f"<{tag} {name}> leads to {target}, which is nowhere")
        elif name == "for" and tag == "label" and reader.ids[target] not in LABELABLE:
            wrong.append(f"<label for={target}> is of a <{reader.ids[target]}>")
    return wrong
