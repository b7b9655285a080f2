"""The design system: every component in every state, in a left-to-right and a right-to-left column."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from consultations.models import Round
from guidelines_portal.pages.texts import drawing
from guidelines_portal.road_map import RoadMap, road_map

# Samples, not interface: they stay in their own languages whatever the page's language is.
ENGLISH: dict[str, Any] = {
    "language": "en",
    "direction": "ltr",
    "heading": "Governance and regulations",
    "lead": "One sentence in larger type that says what the page is for.",
    "sentence": "Governments are encouraged, with the people concerned, to set up rules that serve everyone.",
    "short": "Set up and enforce legal frameworks",
    "longer": "carry out national digital frameworks with local and regional governments, in stages and in public.",
    "name": "Adaeze Okonta-Mbah",
    "before": "enforce",
    "after": "apply",
    "button": "Take part",
    "other": "Read the draft",
    "state": {
        "open": "Open",
        "planned": "Planned",
        "published": "Published",
        "draft": "Draft",
        "accepted": "Accepted",
        "partly_accepted": "Partly accepted",
        "not_accepted": "Not accepted",
        "hidden": "Hidden",
    },
    "hint": "As it should appear beside your comments.",
    "error": "Give a name.",
    "label": "Name",
    "choice": "Show my name",
    "saved": "Your comment is saved.",
    "care": "This round closes in two hours.",
    "harm": "The round closed while you were writing. Your text is kept.",
    "empty": "Nobody has commented here yet. Select words to begin.",
    "pillars": [
        "Shared prosperity",
        "Resilience",
        "Participation",
        "Rights",
        "Governance",
        "Data",
        "Skills",
        "Money",
    ],
}

ARABIC: dict[str, Any] = {
    "language": "ar",
    "direction": "rtl",
    "heading": "الحوكمة واللوائح",
    "lead": "جملة واحدة بخط أكبر تبيّن الغرض من الصفحة.",
    "sentence": "تُشجَّع الحكومات على أن تضع، مع المعنيين، قواعد تخدم الجميع.",
    "short": "وضع الأطر القانونية وإنفاذها",
    "longer": "تنفيذ أطر رقمية وطنية مع الحكومات المحلية والإقليمية، على مراحل وبصورة علنية.",
    "name": "راشد بن سالم الكندري",
    "before": "إنفاذها",
    "after": "تطبيقها",
    "button": "شارك",
    "other": "اقرأ المشروع",
    "state": {
        "open": "مفتوحة",
        "planned": "مقررة",
        "published": "منشور",
        "draft": "مسودة",
        "accepted": "مقبول",
        "partly_accepted": "مقبول جزئيا",
        "not_accepted": "غير مقبول",
        "hidden": "مخفي",
    },
    "hint": "كما ينبغي أن يظهر بجانب تعليقاتك.",
    "error": "اكتب الاسم.",
    "label": "الاسم",
    "choice": "إظهار اسمي",
    "saved": "حُفظ تعليقك.",
    "care": "تُختتم هذه الجولة بعد ساعتين.",
    "harm": "اختُتمت الجولة أثناء الكتابة. نصك محفوظ.",
    "empty": "لم يعلق أحد هنا بعد. حدد كلمات للبدء.",
    "pillars": [
        "الازدهار",
        "القدرة على الصمود",
        "المشاركة",
        "الحقوق",
        "الحوكمة",
        "البيانات",
        "المهارات",
        "المال",
    ],
}


def sample_form(words: dict[str, Any], *, bound: bool) -> forms.Form:
    """A form of every kind of field; bound and empty it shows its errors."""
    states = list(words["state"].items())[:3]
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(label=words["label"], help_text=words["hint"]),
        "email": forms.EmailField(label="E-mail", initial="person@example.org", required=False),
        "state": forms.ChoiceField(label=words["heading"], choices=states),
        "kind": forms.ChoiceField(label=words["button"], choices=states, widget=forms.RadioSelect),
        "body": forms.CharField(
            label=words["other"], widget=forms.Textarea(attrs={"rows": 3}), required=False
        ),
        "shown": forms.BooleanField(label=words["choice"], required=False),
    }
    for field in fields.values():
        field.error_messages["required"] = words["error"]
    form_class = type("SampleForm", (forms.Form,), fields)
    prefix = f"{words['language']}-{'wrong' if bound else 'new'}"
    form: forms.Form = form_class(data={} if bound else None, auto_id=f"{prefix}-%s")
    return form


def sample_road_map(words: dict[str, Any], now: datetime) -> RoadMap | None:
    """Three rounds, in as many states; nothing of them is saved."""
    days = ((-60, -30), (-10, 14), (30, 60))
    rounds = [
        Round(
            pk=n,
            title=words["heading"],
            opens_at=now + timedelta(days=opens),
            closes_at=now + timedelta(days=closes),
            published_at=now - timedelta(days=5) if n == 1 else None,
        )
        for n, (opens, closes) in enumerate(days, 1)
    ]
    with translation.override(words["language"]):
        return road_map(rounds, now)


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page; only the demonstration has it."""
    if not settings.DEMONSTRATION:
        raise Http404
    now = timezone.now()
    columns = [
        {
            "words": words,
            "new": sample_form(words, bound=False),
            "wrong": sample_form(words, bound=True),
            "map": sample_road_map(words, now),
            "drawing": drawing("reading", shows=words["longer"], caption=words["short"]),
        }
        for words in (ENGLISH, ARABIC)
    ]
    moments = [now + timedelta(days=3), now - timedelta(hours=5)]
    return render(request, "styleguide/styleguide.html", {"columns": columns, "moments": moments})
