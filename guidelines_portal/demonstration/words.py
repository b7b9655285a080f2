"""Titles and guidance of the demonstration in six languages."""

TITLE = {
    "en": "Smart cities for people (demonstration)",
    "fr": "Des villes intelligentes pour les personnes (démonstration)",
    "es": "Ciudades inteligentes para las personas (demostración)",
    "ar": "مدن ذكية من أجل الناس (نموذج للعرض)",
    "ru": "«Умные» города для людей (демонстрация)",
    "zh-hans": "为人民建设智慧城市（演示）",
}

LABELS = (
    {
        "en": "Zero draft",
        "fr": "Avant-projet",
        "es": "Borrador preliminar",
        "ar": "المسودة الأولية",
        "ru": "Предварительный проект",
        "zh-hans": "预稿",
    },
    {
        "en": "First draft",
        "fr": "Premier projet",
        "es": "Primer borrador",
        "ar": "المشروع الأول",
        "ru": "Первый проект",
        "zh-hans": "草稿初稿",
    },
    {
        "en": "Second draft",
        "fr": "Deuxième projet",
        "es": "Segundo borrador",
        "ar": "المشروع الثاني",
        "ru": "Второй проект",
        "zh-hans": "草稿二稿",
    },
)

TITLES = {
    "zero": {
        "en": "Expert review of the zero draft",
        "fr": "Examen de l’avant-projet par les experts",
        "es": "Examen del borrador preliminar por los expertos",
        "ar": "استعراض الخبراء للمسودة الأولية",
        "ru": "Рассмотрение предварительного проекта экспертами",
        "zh-hans": "专家审查预稿",
    },
    "open": {
        "en": "Open online consultation on the first draft",
        "fr": "Consultation publique en ligne sur le premier projet",
        "es": "Consulta pública en línea sobre el primer borrador",
        "ar": "مشاورة عامة مفتوحة عبر الإنترنت بشأن المشروع الأول",
        "ru": "Открытая онлайн-консультация по первому проекту",
        "zh-hans": "关于草稿初稿的公开在线公众磋商",
    },
    "planned": {
        "en": "Regional consultations on the first draft",
        "fr": "Consultations régionales sur le premier projet",
        "es": "Consultas regionales sobre el primer borrador",
        "ar": "المشاورات الإقليمية بشأن المشروع الأول",
        "ru": "Региональные консультации по первому проекту",
        "zh-hans": "关于草稿初稿的区域磋商",
    },
}

GUIDANCE = {
    "zero": {
        "en": "Please say what is missing, what cannot be carried out, and which words you would choose instead.",
        "fr": "Dites ce qui manque, ce qui ne peut être mis en œuvre et quels mots vous choisiriez.",
        "es": "Indique qué falta, qué no puede llevarse a la práctica y qué palabras elegiría usted.",
        "ar": "يرجى بيان ما ينقص وما لا يمكن تنفيذه، والألفاظ التي تفضلونها.",
        "ru": "Укажите, чего не хватает, что невозможно осуществить и какие слова выбрали бы вы.",
        "zh-hans": "请指出缺少什么、哪些内容无法落实，以及您会选用什么措辞。",
    },
    "open": {
        "en": "Everyone may comment. Select the words you mean, propose better ones, and say why. Organizations are"
        " asked to agree among themselves first.",
        "fr": "Chacun peut commenter. Sélectionnez les mots visés, proposez-en de meilleurs et dites pourquoi. Les"
        " organisations sont priées de se concerter au préalable.",
        "es": "Cualquier persona puede comentar. Seleccione las palabras, proponga otras mejores y explique por qué."
        " Se ruega a las organizaciones que se pongan de acuerdo antes.",
        "ar": "يمكن للجميع التعليق. حددوا الكلمات المقصودة واقترحوا أفضل منها وبينوا السبب. ويرجى من المنظمات أن تتفق"
        " داخليا أولا.",
        "ru": "Комментировать может каждый. Выделите слова, предложите лучшие и объясните почему. Организации просим"
        " сначала согласовать мнение между собой.",
        "zh-hans": "人人均可发表意见。请选中您所指的文字，提出更好的措辞并说明理由。请各组织先在内部达成一致。",
    },
    "planned": {
        "en": "The regional groups look at how the draft fits the conditions of their regions.",
        "fr": "Les groupes régionaux examinent comment le projet répond aux réalités de leur région.",
        "es": "Los grupos regionales examinan cómo se ajusta el borrador a las condiciones de su región.",
        "ar": "تنظر المجموعات الإقليمية في مدى ملاءمة المشروع لظروف مناطقها.",
        "ru": "Региональные группы рассматривают, насколько проект отвечает условиям их регионов.",
        "zh-hans": "各区域组审议草稿如何适应本区域的情况。",
    },
}
