"""Writes random drafts in the shape of the published guidelines: what a reader has to find again.

A draft is a list of `Piece`: what stands on the page (label and text, footnotes as `{{n}}`) beside the provision
that a reader should make of it.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

EN = {
    "words": [
        "city",
        "data",
        "people",
        "public",
        "services",
        "digital",
        "rights",
        "local",
        "housing",
        "inclusive",
        "planning",
        "access",
        "networks",
        "open",
        "standards",
        "climate",
        "safety",
        "budget",
        "skills",
        "review",
        "community",
        "transport",
        "water",
        "energy",
        "privacy",
        "trust",
        "learning",
        "evidence",
        "support",
        "region",
        "young",
        "older",
        "women",
        "design",
        "pilot",
        "monitor",
        "equity",
        "resilience",
        "finance",
        "procurement",
    ],
    "numbers": [
        "28 million",
        "36%",
        "resolution 2/1",
        "4G and 5G",
        "2 billion",
        "A/79/L.2",
        "12 cities",
        "3.5 hectares",
    ],
    "title": "Guidelines on people and their cities",
    "masthead": ["Provisional agenda item 7", "Report of the Executive Director"],
    "chapters": ["Introduction", "Guidelines", "Implementation and monitoring"],
    "sections": ["Objectives", "Development process"],
    "pillar_sections": ["Thematic pillars", "Enabling pillars"],
    "principles": "Principles",
    "actions": "Actions",
    "everyone": "All stakeholders in the smart city ecosystem should",
    "heads": {
        "national_government": "National governments, with other levels and relevant stakeholders, are encouraged to:",
        "local_regional_government": "Local and regional governments, with partners, are encouraged to:",
        "stakeholder": "Relevant stakeholders are encouraged to work together to:",
    },
    "columns": "Step Objective Action",
    "table_title": "Approach and actions",
    "step": "Step {n}: ",
    "action": "Action {n}.{m}: ",
    "annex": ("Annex", "Glossary", "Term Definition"),
    "chapter_labels": ["I. ", "II. ", "III. "],
}
ZH = {
    "words": [
        "城市",
        "数据",
        "人民",
        "公共服务",
        "数字",
        "权利",
        "地方",
        "住房",
        "包容",
        "规划",
        "获取",
        "网络",
        "开放",
        "标准",
        "气候",
        "安全",
        "预算",
        "技能",
        "审查",
        "社区",
        "交通",
        "供水",
        "能源",
    ],
    "numbers": [
        "28 亿人",
        "36%的城市",
        "第 2/1 号决议",
        "4G 和 5G",
        "26 亿人",
        "2024 年 9 月",
        "12 个城市",
        "A/79/L.2 号文件",
    ],
    "title": "关于人民及其城市的准则草案",
    "masthead": ["临时议程项目 7", "执行主任的报告"],
    "chapters": ["导言", "城市准则", "实施和监测"],
    "sections": ["目标", "制定进程"],
    "pillar_sections": ["专题支柱", "推动性支柱"],
    "principles": "原则",
    "actions": "行动",
    "everyone": "智慧城市生态系统中的所有利益攸关方都应",
    "heads": {
        "national_government": "鼓励各国政府与其他政府部门和相关利益攸关方合作：",
        "local_regional_government": "鼓励地方和区域政府与相关合作伙伴合作：",
        "stakeholder": "鼓励相关利益攸关方共同努力：",
    },
    "columns": "步骤 目标 行动",
    "table_title": "实施办法和行动",
    "step": "第 {n} 步：",
    "action": "行动 {n}.{m}：",
    "annex": ("附件", "词汇表", "术语 定义"),
    "chapter_labels": ["一、 ", "二、 ", "三、 "],
}
LANGUAGES = {"en": EN, "zh": ZH}


@dataclass
class Piece:
    """One block of the page: `printed` with its label, and the provision it stands for."""

    printed: str
    key: str = ""
    kind: str = ""
    number: str = ""
    heading: str = ""
    text: str = ""
    parent: str | None = None
    pillar: int | None = None
    actor: str | None = None


@dataclass
class Draft:
    """A random draft: its pieces in order, and the texts of its footnotes from 1."""

    language: str
    title: str
    masthead: list[str]
    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class DraftWriter:
    """Writes one draft; the same seed gives the same draft."""

    def __init__(self, seed: int, language: str) -> None:
        self.random = random.Random(seed)
        self.language = language
        self.words = LANGUAGES[language]
        self.draft = Draft(language, self.words["title"], self.words["masthead"])
        self.paragraph = 0

    def write(self) -> Draft:
        """A whole draft: three chapters, two to five pillars, perhaps steps and a glossary."""
        w, pick = self.words, self.random.randint
        self._chapter(1)
        for _ in range(pick(1, 2)):
            self._paragraph("chp_1")
        for index, name in enumerate(w["sections"]):
            key = f"chp_1__sec_{'ab'[index]}"
            self._add(f"{'AB'[index]}. {name}", key, "section", "AB"[index], heading=name, parent="chp_1")
            for _ in range(pick(1, 3)):
                self._list(key)
        self._chapter(2)
        self._paragraph("chp_2")
        number = 0
        for index, name in enumerate(w["pillar_sections"]):
            key = f"chp_2__sec_{'ab'[index]}"
            self._add(f"{'AB'[index]}. {name}", key, "section", "AB"[index], heading=name, parent="chp_2")
            for printed in range(1, pick(1, 3) + 1):
                number += 1
                self._pillar(number, printed, key)
        self._chapter(3)
        self._paragraph("chp_3")
        if pick(0, 1):
            self._steps()
        self._paragraph("chp_3")
        if pick(0, 2):
            self._glossary()
        return self.draft

    # Words

    def _sentence(self, words: int) -> str:
        chosen = [self.random.choice(self.words["words"]) for _ in range(words)]
        if self.random.random() < 0.3:
            chosen[self.random.randrange(1, len(chosen))] = self.random.choice(self.words["numbers"])
        if self.language == "zh":
            text = "".join(chosen)
            # A blank stands between Han characters and figures or letters, and nowhere else.
            text = re.sub(r"(?<=[\u3400-\u9fff])(?=[0-9A-Z])|(?<=[0-9A-Z])(?=[\u3400-\u9fff])", " ", text)
            return text + "。"
        return (" ".join(chosen)).capitalize() + "."

    def _text(self, sentences: int, *, marks: bool = True) -> str:
        """Sentences; here and there a footnote mark after a sign or glued to a word."""
        out = []
        for _ in range(sentences):
            sentence = self._sentence(self.random.randint(5, 16))
            if marks and self.random.random() < 0.25:
                self.draft.notes.append(self._sentence(self.random.randint(3, 30)))
                sentence += f"{{{{{len(self.draft.notes)}}}}}"
            out.append(sentence)
        return ("" if self.language == "zh" else " ").join(out)

    def _name(self) -> str:
        chosen = self.random.sample(self.words["words"], 3)
        return "".join(chosen) if self.language == "zh" else " ".join(chosen).capitalize()

    # Units

    def _add(self, printed: str, key: str, kind: str, number: str, **rest: object) -> None:
        self.draft.pieces.append(Piece(printed, key, kind, number, **rest))  # type: ignore[arg-type]

    def _chapter(self, rank: int) -> None:
        name = self.words["chapters"][rank - 1]
        label = self.words["chapter_labels"][rank - 1]
        self._add(label + name, f"chp_{rank}", "chapter", "I" * rank, heading=name)

    def _paragraph(self, parent: str, text: str = "", **rest: object) -> str:
        self.paragraph += 1
        text = text or self._text(self.random.randint(1, 4))
        key = f"para_{self.paragraph}"
        printed = f"{self.paragraph}. {text}"
        self._add(printed, key, "paragraph", str(self.paragraph), text=text, parent=parent, **rest)
        return key

    def _list(self, parent: str) -> None:
        colon = "：" if self.language == "zh" else ":"
        if self.random.random() < 0.5:
            self._paragraph(parent)
            return
        key = self._paragraph(parent, self._sentence(6)[:-1] + colon)
        self._items(key, "item", self.random.randint(2, 5))

    def _items(self, key: str, kind: str, count: int, **rest: object) -> None:
        number = self.paragraph
        for letter in "abcdefghijkl"[:count]:
            text = self._text(self.random.randint(1, 2))
            self._add(
                f"({letter}) {text}",
                f"{key}__{letter}",
                kind,
                f"{number} ({letter})",
                text=text,
                parent=key,
                **rest,
            )

    def _pillar(self, number: int, printed: int, section: str) -> None:
        w, pick = self.words, self.random.randint
        name, key = self._name(), f"pillar_{number}"
        self._add(
            f"{printed}. {name}", key, "pillar", str(number), heading=name, parent=section, pillar=number
        )
        for _ in range(pick(1, 2)):
            self._paragraph(key, pillar=number)
        head = f"{key}__principles"
        self._add(
            f"(a) {w['principles']}",
            head,
            "heading",
            "(a)",
            heading=w["principles"],
            parent=key,
            pillar=number,
        )
        for letter in "abcdefgh"[: pick(2, 5)]:
            text = self._text(1)
            cited = f"Principle {number} ({letter})"
            own = f"{key}__principle_{letter}"
            self._add(f"({letter}) {text}", own, "principle", cited, text=text, parent=head, pillar=number)
        head = f"{key}__actions"
        self._add(
            f"(b) {w['actions']}", head, "heading", "(b)", heading=w["actions"], parent=key, pillar=number
        )
        if pick(0, 1):
            joint = "" if self.language == "zh" else " "
            text = w["everyone"] + joint + self._sentence(8).lower()
            self._paragraph(head, text, pillar=number, actor="all_stakeholders")
        for actor, opening in w["heads"].items():
            own = self._paragraph(head, opening, pillar=number, actor=actor)
            self._items(own, "action", pick(1, 12), pillar=number, actor=actor)

    def _steps(self) -> None:
        w = self.words
        self._add(
            w["table_title"],
            "table_1",
            "table",
            "1",
            heading=w["table_title"],
            text=w["columns"],
            parent="chp_3",
        )
        self.draft.pieces.append(Piece(w["columns"]))
        for step in (1, 2):
            name, text = self._name(), self._sentence(7)
            key = f"step_{step}"
            self._add(
                w["step"].format(n=step) + name,
                key,
                "step",
                str(step),
                heading=name,
                text=text,
                parent="table_1",
            )
            self.draft.pieces.append(Piece(text))
            for action in range(1, self.random.randint(1, 3) + 1):
                bullets = [
                    self._sentence(self.random.randint(4, 14)) for _ in range(self.random.randint(1, 3))
                ]
                name = self._name()
                label = w["action"].format(n=step, m=action)
                colon = "：" if self.language == "zh" else ":"
                self._add(
                    f"{label}{name}{colon}",
                    f"step_action_{step}_{action}",
                    "step_action",
                    f"{step}.{action}",
                    heading=name,
                    text="\n".join(f"• {bullet}" for bullet in bullets),
                    parent=key,
                )
                self.draft.pieces.extend(Piece(f"• {bullet}") for bullet in bullets)

    def _glossary(self) -> None:
        annex, title, columns = self.words["annex"]
        joint = "：" if self.language == "zh" else ": "
        self._add(annex, "annex_1", "chapter", "", heading=annex + joint + title)
        self.draft.pieces += [Piece(title), Piece(columns)]
        for rank in range(1, self.random.randint(3, 9)):
            name = self._name()
            text = self._sentence(self.random.randint(6, 25)).replace("A/79/L.2", "x")
            self._add(
                f"{name} {text}", f"term_{rank}", "term", str(rank), heading=name, text=text, parent="annex_1"
            )
