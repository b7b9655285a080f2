"""Structure words of a draft in six languages: what a heading, a table or an address to an actor says.

Everything the readers know about a language is here. The words are those of the published guidelines and of
United Nations usage. Patterns are matched without regard to case against text whose white space is single blanks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

ACTORS = ("all_stakeholders", "national_government", "local_regional_government", "stakeholder")


@dataclass(frozen=True)
class Lexicon:
    """The structure words of one language; each field is an alternation of a regular expression."""

    principles: str
    actions: str
    thematic_pillars: str
    enabling_pillars: str
    pillar: str
    annex: str
    glossary: str
    term_columns: str  # the glossary's head, "term" and "definition"
    figure: str
    table: str
    step: str
    step_columns: str  # the head of the table of steps: "step", "objective", "action"
    action: str
    masthead: str  # lines of the title page that are not the title
    ibid: str
    section_reference: str  # with the number in group "number"
    conjunctions: str
    all_stakeholders: str
    national_government: str
    local_regional_government: str
    stakeholder: str

    def says(self, field: str, text: str) -> bool:
        """Whether the whole text is this structure word, apart from a closing stop or colon."""
        return bool(_pattern(getattr(self, field), whole=True).match(text))

    def mentions(self, field: str, text: str) -> re.Match[str] | None:
        """The first place where the text has this structure word."""
        return _pattern(getattr(self, field), whole=False).search(text)

    def starts(self, field: str, text: str) -> re.Match[str] | None:
        """The structure word at the beginning of the text."""
        return _pattern(getattr(self, field), whole=False).match(text)


@cache
def _pattern(alternatives: str, *, whole: bool) -> re.Pattern[str]:
    body = rf"(?:{alternatives})"
    return re.compile(rf"{body}\s*[:：.。]?$" if whole else body, re.IGNORECASE)


EN = Lexicon(
    principles=r"(?:guiding |core )?principles",
    actions=r"(?:recommended |proposed |suggested )?actions(?: by actors?)?",
    thematic_pillars=r"thematic (?:pillars|areas)",
    enabling_pillars=r"enabling (?:pillars|conditions|areas)|enablers",
    pillar=r"pillar",
    annex=r"annex|appendix",
    glossary=r"glossary(?: of (?:key )?terms)?|(?:key )?terms and definitions",
    term_columns=r"terms?\s+definitions?",
    figure=r"figure|fig\.",
    table=r"table",
    step=r"step",
    step_columns=r"steps?\s+(?:objectives?|aims?|goals?|purpose)\s+(?:key |main )?actions?",
    action=r"action",
    masthead=r"provisional agenda|agenda\*? item|item \d|reports? (?:of|by) the (?:executive director|secretariat)"
    r"|note by the|distr\.|original:|united nations|english$|nairobi",
    ibid=r"ibid(?:em)?\b|idem\b|same as above|see above",
    section_reference=r"\b(?:sections?|chapters?|paragraphs?|paras?\.?|sect\.)\s+(?P<number>\d+(?:\.\d+)*)",
    conjunctions=r"and|or|to",
    all_stakeholders=r"\ball (?:the )?(?:relevant )?(?:stakeholders|actors)\b",
    national_government=r"\b(?:national|central|federal) governments?\b",
    local_regional_government=r"\b(?:local and regional|regional and local|subnational|local) (?:governments?|authorities)\b",
    stakeholder=r"\b(?:(?:other|relevant|key) )*stakeholders\b",
)

FR = Lexicon(
    principles=r"principes(?: directeurs| fondamentaux)?",
    actions=r"(?:mesures|actions)(?: recommandées| proposées)?",
    thematic_pillars=r"(?:piliers|domaines|composantes) thématiques",
    enabling_pillars=r"(?:piliers|conditions|composantes) (?:habilitants|habilitantes|favorables|de soutien)|facteurs propices",
    pillar=r"pilier",
    annex=r"annexe|appendice",
    glossary=r"glossaire(?: des termes)?|termes et définitions",
    term_columns=r"termes?\s+définitions?",
    figure=r"figure|fig\.",
    table=r"tableau",
    step=r"étape",
    step_columns=r"étapes?\s+(?:objectifs?|buts?)\s+(?:mesures?|actions?)(?: clés)?",
    action=r"action|mesure",
    masthead=r"(?:point \d+ de l['’])?ordre du jour|rapport (?:du directeur exécutif|de la directrice exécutive|du secrétariat)"
    r"|note du|distr\.|original|nations unies|français$|nairobi",
    ibid=r"ibid(?:em)?\b|idem\b|voir ci-dessus|même référence",
    section_reference=r"\b(?:sections?|chapitres?|paragraphes?|par\.|sect\.)\s+(?P<number>\d+(?:\.\d+)*)",
    conjunctions=r"et|ou|à",
    all_stakeholders=r"\b(?:toutes les parties prenantes|tous les acteurs|l['’]ensemble des (?:parties prenantes|acteurs))\b",
    national_government=r"\b(?:administrations|gouvernements|pouvoirs publics|autorités) (?:nationaux|nationales|centraux)\b",
    local_regional_government=r"\b(?:administrations|gouvernements|collectivités|autorités|pouvoirs)"
    r" (?:locales et régionales|locaux et régionaux|régionales et locales|régionaux et locaux|locales|locaux|territoriales)\b",
    stakeholder=r"\b(?:autres )?parties prenantes(?: concernées| intéressées)?\b",
)

ES = Lexicon(
    principles=r"principios(?: rectores| básicos)?",
    actions=r"(?:acciones|medidas)(?: recomendadas| propuestas)?",
    thematic_pillars=r"(?:pilares|ámbitos|ejes|esferas) temátic[oa]s",
    enabling_pillars=r"(?:pilares|condiciones|ejes) (?:habilitadores|habilitadoras|habilitantes|propici[oa]s)|factores propicios",
    pillar=r"pilar",
    annex=r"anexo|apéndice",
    glossary=r"glosario(?: de términos)?|términos y definiciones",
    term_columns=r"términos?\s+definici(?:ón|ones)",
    figure=r"figura|fig\.|gráfico",
    table=r"cuadro|tabla",
    step=r"paso|etapa",
    step_columns=r"(?:pasos?|etapas?)\s+(?:objetivos?)\s+(?:acci(?:ón|ones)|medidas?)",
    action=r"acción|medida",
    masthead=r"(?:tema \d+ del )?programa provisional|informe (?:del director ejecutivo|de la directora ejecutiva|de la secretaría)"
    r"|nota de|distr\.|original|naciones unidas|español$|nairobi",
    ibid=r"ib[ií]d(?:em)?\b|[ií]dem\b|véase (?:más )?arriba|igual que (?:el|la) anterior",
    section_reference=r"\b(?:secci(?:ón|ones)|capítulos?|párrafos?|párrs?\.|sect\.)\s+(?P<number>\d+(?:\.\d+)*)",
    conjunctions=r"y|e|o|u|a",
    all_stakeholders=r"\b(?:tod[oa]s l[oa]s (?:interesad[oa]s|partes interesadas|actores|agentes)"
    r"|el conjunto de (?:los interesados|las partes interesadas))\b",
    national_government=r"\b(?:gobiernos|administraciones|autoridades) (?:nacionales|centrales)\b",
    local_regional_government=r"\b(?:gobiernos|administraciones|autoridades)"
    r" (?:locales y regionales|regionales y locales|locales|subnacionales)\b",
    stakeholder=r"\b(?:otr[oa]s )?(?:partes interesadas|interesad[oa]s)(?: pertinentes)?\b",
)

RU = Lexicon(
    principles=r"(?:основные |руководящие )?принципы",
    actions=r"(?:рекомендуемые |предлагаемые )?(?:действия|меры)",
    thematic_pillars=r"тематически\w+ (?:компонент|област|направлени|опор)\w+",
    enabling_pillars=r"(?:вспомогательн|стимулирующ|обеспечивающ|благоприятствующ)\w+ (?:компонент|услови|фактор|направлени|опор)\w+",
    pillar=r"компонент|основа|опора",
    annex=r"приложение",
    glossary=r"глоссарий(?: терминов)?|термины и определения",
    term_columns=r"термины?\s+определени[ея]",
    figure=r"рисунок|рис\.|диаграмма",
    table=r"таблица",
    step=r"этап|шаг",
    step_columns=r"(?:этапы?|шаги?)\s+(?:цел[ьи]|задач[аи])\s+(?:действи[ея]|мер[аы])",
    action=r"действие|мера",
    masthead=r"(?:пункт \d+ )?предварительн\w+ повестк\w+|повестк\w+ дня|доклад (?:директора-исполнителя|секретариата)"
    r"|записка|distr\.|original|организация объединенных наций|russian$|найроби",
    ibid=r"там же|то же|см\. выше",
    section_reference=r"(?:раздел\w*|глав\w+|пункт\w*|п\.)\s+(?P<number>\d+(?:\.\d+)*)",
    conjunctions=r"и|или",
    all_stakeholders=r"\b(?:все|всем|всех) (?:соответствующи\w+ )?(?:заинтересованны\w+ сторон\w+|субъект\w+|участник\w+)",
    national_government=r"\b(?:национальн|центральн)\w+ правительств\w*",
    local_regional_government=r"\b(?:местн\w+ и региональн\w+|региональн\w+ и местн\w+|местн\w+|субнациональн\w+)"
    r" (?:орган\w+(?: власти| управления)?|правительств\w*|власт\w+)",
    stakeholder=r"\b(?:(?:други\w+|соответствующи\w+) )*заинтересованны\w+ сторон\w+",
)

_AL = "(?:ال|لل)?"
AR = Lexicon(
    principles=rf"{_AL}مبادئ(?: {_AL}(?:توجيهية|أساسية))?",
    actions=rf"{_AL}(?:إجراءات|اجراءات|تدابير)(?: {_AL}(?:موصى بها|مقترحة))?",
    thematic_pillars=rf"{_AL}(?:ركائز|مجالات) {_AL}(?:مواضيعية|موضوعية)",
    enabling_pillars=rf"{_AL}(?:ركائز|عوامل|شروط) {_AL}(?:تمكينية|ممكنة|مساعدة|داعمة)",
    pillar=rf"{_AL}ركيزة",
    annex=rf"{_AL}(?:مرفق|تذييل)",
    glossary=rf"{_AL}(?:مسرد(?: {_AL}مصطلحات)?|مصطلحات {_AL}تعاريف|مصطلحات والتعاريف)",
    term_columns=rf"{_AL}مصطلح(?:ات)?\s+{_AL}(?:تعريف|تعاريف)",
    figure=rf"{_AL}(?:شكل|رسم بياني)",
    table=rf"{_AL}جدول",
    step=rf"{_AL}(?:خطوة|مرحلة)",
    step_columns=rf"{_AL}(?:خطوة|خطوات|مرحلة)\s+{_AL}(?:هدف|أهداف|غرض)\s+{_AL}(?:إجراء|إجراءات)",
    action=rf"{_AL}إجراء",
    masthead=r"(?:البند \d+ من )?جدول الأعمال|تقرير (?:المدير|المديرة|الأمانة)|مذكرة من|distr\.|original|الأمم المتحدة|نيروبي",
    ibid=r"المرجع نفسه|نفس المرجع|انظر أعلاه",
    section_reference=r"(?:القسم|الفصل|الفقرة|الفرع)\s+(?P<number>\d+(?:\.\d+)*)",
    conjunctions=r"و|أو",
    all_stakeholders=r"(?:جميع|كل|كافة) (?:أصحاب المصلحة|الجهات (?:المعنية|الفاعلة)|الأطراف المعنية)",
    national_government=rf"{_AL}(?:حكومات|حكومة) {_AL}(?:وطنية|مركزية)",
    local_regional_government=rf"{_AL}(?:حكومات|سلطات|إدارات) {_AL}(?:محلية و{_AL}إقليمية|إقليمية و{_AL}محلية|محلية)",
    stakeholder=r"(?:أصحاب|لأصحاب) المصلحة|الجهات المعنية|الأطراف المعنية",
)

ZH = Lexicon(
    principles=r"(?:指导|核心|基本)?原则",
    actions=r"(?:建议|拟议|建议的)?行动|建议采取的行动",
    thematic_pillars=r"专题(?:支柱|领域)",
    enabling_pillars=r"(?:推动性|赋能|扶持性|使能|促进性)(?:支柱|领域|因素|条件)",
    pillar=r"支柱",
    annex=r"附件|附录",
    glossary=r"(?:术语)?词汇表|术语表|术语和定义",
    term_columns=r"(?:术语|词汇|用语)\s+(?:定义|释义)",
    figure=r"图",
    table=r"表",
    step=r"步骤?",
    step_columns=r"步骤\s+(?:目标|目的)\s+(?:主要)?行动",
    action=r"行动",
    masthead=r"临时议程|议程\*?项目|(?:执行主任|秘书处)的(?:报告|说明)|distr\.|original|联合国$|内罗毕",
    ibid=r"同上|见上",
    section_reference=r"第\s*(?P<number>\d+(?:\.\d+)*)\s*(?:段|节|章|部分)",
    conjunctions=r"和|与|或",
    all_stakeholders=r"(?:所有|全体)(?:相关)?(?:利益攸关方|行为体)",
    national_government=r"各国政府|(?:国家|中央|联邦)(?:各级)?政府",
    local_regional_government=r"地方和区域(?:各级)?(?:政府|主管部门|当局)|区域和地方(?:政府|主管部门|当局)|地方(?:政府|主管部门|当局)",
    stakeholder=r"(?:其他|相关|有关)*利益攸关方",
)

LEXICONS = {"ar": AR, "en": EN, "es": ES, "fr": FR, "ru": RU, "zh": ZH}


def addressee(lexicon: Lexicon, text: str) -> str | None:
    """Who an actor list is addressed to: the actor named first ("national governments, together with …")."""
    found = []
    for rank, actor in enumerate(ACTORS):
        match = lexicon.mentions(actor, text)
        if match:
            found.append((match.start(), rank, actor))
    return min(found)[2] if found else None


def addresses_everyone(lexicon: Lexicon, text: str) -> bool:
    """Whether a running paragraph speaks to all stakeholders: its first sentence names them all."""
    return lexicon.mentions("all_stakeholders", re.split(r"[。.!?；;؛]", text, maxsplit=1)[0]) is not None
