"""How the six languages refer to a provision: the words before a number (in Chinese after it), what stands
between two numbers, and how another document is named. Regular expressions without regard to case."""

NOUNS: dict[str, dict[str, str]] = {
    "en": {
        "paragraph": r"\b(?:paragraphs?|paras?\b\.?)",
        "chapter": r"\bchapters?\b",
        "section": r"\b(?:sections?\b|sect\.)",
        "pillar": r"\bpillars?\b",
        "principle": r"\bprinciples?\b",
        "footnote": r"\b(?:footnotes?|notes?)\b",
        "figure": r"\b(?:figures?\b|fig\.)",
        "table": r"\btables?\b",
        "step": r"\b(?:steps?|actions?)\b",
        "annex": r"\bannex(?:es)?\b",
    },
    "fr": {
        "paragraph": r"\b(?:paragraphes?\b|par\.|alinéas?\b)",
        "chapter": r"\bchapitres?\b",
        "section": r"\b(?:sections?\b|sect\.)",
        "pillar": r"\bpiliers?\b",
        "principle": r"\bprincipes?\b",
        "footnote": r"\bnotes?(?: de bas de page)?\b",
        "figure": r"\b(?:figures?\b|fig\.)",
        "table": r"\btableaux?\b",
        "step": r"\b(?:étapes?|mesures?|actions?)\b",
        "annex": r"\bannexes?\b",
    },
    "es": {
        "paragraph": r"\b(?:párrafos?\b|párrs?\.)",
        "chapter": r"\b(?:capítulos?\b|cap\.)",
        "section": r"\b(?:secci(?:ón|ones)\b|sect\.)",
        "pillar": r"\bpilar(?:es)?\b",
        "principle": r"\bprincipios?\b",
        "footnote": r"\bnotas?(?: (?:de|a) pie de página)?\b",
        "figure": r"\b(?:figuras?\b|fig\.|gráficos?\b)",
        "table": r"\b(?:cuadros?|tablas?)\b",
        "step": r"\b(?:pasos?|etapas?|medidas?|acci(?:ón|ones))\b",
        "annex": r"\banexos?\b",
    },
    "ru": {
        "paragraph": r"\b(?:пункт(?:а|у|ом|е|ы|ов|ам|ами|ах)?\b|пп?\.)",
        "chapter": r"\bглав(?:а|ы|е|у|ой|ах|ам)?\b",
        "section": r"\bраздел(?:а|у|ом|е|ы|ов|ах)?\b",
        "pillar": r"\bкомпонент(?:а|у|ом|е|ы|ов|ах)?\b",
        "principle": r"\bпринцип(?:а|у|ом|е|ы|ов|ах)?\b",
        "footnote": r"\bсноск(?:а|и|е|у|ой|ах)?\b",
        "figure": r"\b(?:рисун(?:ок|ка|ке|ки|ках)\b|рис\.|диаграмм(?:а|ы|е|у)\b)",
        "table": r"\b(?:таблиц(?:а|ы|е|у|ах)?\b|табл\.)",
        "step": r"\b(?:этап(?:а|е|ы|ах)?|шаг(?:а|е|и|ах)?|действи(?:е|я|и|ю))\b",
        "annex": r"\bприложени(?:е|я|и|ю|ем|ях)\b",
    },
    # Prepositions and the article are written together with the word.
    "ar": {
        "paragraph": r"\b[وفبك]?(?:ال|لل)?فقر(?:ة|ات|تان|تين)\b",
        "chapter": r"\b[وفبك]?(?:ال|لل)?(?:فصل|فصول|فصلان|فصلين)\b",
        "section": r"\b[وفبك]?(?:ال|لل)?(?:قسم|أقسام|فرع|فروع)\b",
        "pillar": r"\b[وفبك]?(?:ال|لل)?(?:ركيزة|ركائز|ركيزتان|ركيزتين)\b",
        "principle": r"\b[وفبك]?(?:ال|لل)?(?:مبدأ|مبادئ|مبدآن|مبدأين)\b",
        "footnote": r"\b[وفبك]?(?:ال|لل)?(?:حاشية|حواشي|حاشيتان|حاشيتين)\b",
        "figure": r"\b[وفبك]?(?:ال|لل)?(?:شكل|أشكال)\b",
        "table": r"\b[وفبك]?(?:ال|لل)?(?:جدول|جداول)\b",
        "step": r"\b[وفبك]?(?:ال|لل)?(?:خطوة|خطوات|مرحلة|مراحل|إجراء|إجراءات)\b",
        "annex": r"\b[وفبك]?(?:ال|لل)?(?:مرفق|مرفقات|تذييل)\b",
    },
    "zh-hans": {
        "after paragraph": r"段",
        "after chapter": r"章",
        "after section": r"(?:节|部分)",
        "after pillar": r"(?:个)?支柱",
        "paragraph": r"段落\s*(?=\d)",
        "pillar": r"支柱\s*(?=\d)",
        "principle": r"原则\s*(?=\d)",
        "footnote": r"(?:脚注|注释)\s*(?=\d)",
        "figure": r"(?<![地版蓝意试企])图\s*(?=\d)",
        "table": r"(?<![发代年图列])表\s*(?=\d)",
        "step": r"(?:步骤|行动)\s*(?=\d)",
        "annex": r"附件|附录",
    },
}

_SIGNS = r"\s*(?:[-–—]|[,،、，](?!\s*\d{4}))\s*"
JOINERS = {
    "en": rf"(?:{_SIGNS}(?:and\s+|or\s+)?|\s+(?:and|or|to|through)\s+)",
    "fr": rf"(?:{_SIGNS}(?:et\s+|ou\s+)?|\s+(?:et|ou|à)\s+)",
    "es": rf"(?:{_SIGNS}(?:y\s+|o\s+)?|\s+(?:y|o|a|al)\s+)",
    "ru": rf"(?:{_SIGNS}(?:и\s+|или\s+)?|\s+(?:и|или|по)\s+)",
    "ar": rf"(?:{_SIGNS}(?:و\s*|أو\s+)?|\s*(?:و|أو|إلى)\s*)",
    "zh-hans": rf"(?:{_SIGNS}|\s*(?:和|与|及|或|至|到)\s*)",
}

_SYMBOL = r"\b(?:A|E|S|HSP|FCCC)/[\w/.()-]+|\b\d+/\d+\b"
OTHER_DOCUMENTS = {
    "en": r"\b(?:resolutions?|decisions?|declaration|convention|charter|covenant|agenda|compact|pact|report)\b"
    rf"|{_SYMBOL}",
    "fr": rf"\b(?:résolutions?|décisions?|déclaration|convention|charte|pacte|programme|rapport)\b|{_SYMBOL}",
    "es": rf"\b(?:resoluci(?:ón|ones)|decisi(?:ón|ones)|declaración|convención|carta|pacto|agenda|informe)\b|{_SYMBOL}",
    "ru": rf"\b(?:резолюци|решени[еяю]|деклараци|конвенци|устав|пакт|договор|повестк|доклад)|{_SYMBOL}",
    "ar": rf"(?:قرار|مقرر|إعلان|اتفاقية|ميثاق|العهد|خطة عام|تقرير)|{_SYMBOL}",
    "zh-hans": rf"(?:决议|决定|宣言|公约|宪章|契约|议程|报告|》)|{_SYMBOL}",
}
PRESENT_DOCUMENT = {
    "en": r"\b(?:above|below|present (?:guidelines|document|draft))\b",
    "fr": r"ci-dessus|ci-après|ci-dessous|supra|infra|présent",
    "es": r"más arriba|más abajo|supra|infra|presente",
    "ru": r"\b(?:выше|ниже|настоящ)",
    "ar": r"أعلاه|أدناه|هذه المبادئ|هذه الوثيقة",
    "zh-hans": r"上文|下文|前文|本准则|本文件",
}
