"""Mails about signing in and changes of how an account is entered: each as text and as HTML, with one action."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from accounts import sign_in_mails
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ROOT = Path(allauth.__file__).parent / "templates"
PREFIXES = sorted(
    str(path.relative_to(ROOT)).removesuffix("_message.txt")
    for path in ROOT.glob("*/email/*_message.txt")
    if not path.name.startswith("base_")
)
CODES = {
    "account/email/login_code",
    "account/email/password_reset_code",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
}


def send(prefix: str, **given: Any) -> EmailMultiAlternatives:
    context = {
        "code": "ABCD-EFGH",
        "password_reset_url": "https://elsewhere.example/en/account/password/reset/",
        "signup_url": "https://elsewhere.example/en/account/signup/",
        "from_email": "old@example.org",
        "to_email": "new@example.org",
        "deleted_email": "old@example.org",
        "provider": "UNite",
        "timestamp": timezone.now(),
        "ip": "192.0.2.7",
        "user_agent": "Firefox <b>128</b>",
        **given,
    }
    get_adapter().send_mail(prefix, given.pop("to", "ana@example.org"), context)
    (sent,) = mail.outbox
    mail.outbox.clear()
    assert isinstance(sent, EmailMultiAlternatives)
    return sent


def html_of(sent: EmailMultiAlternatives) -> str:
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    return str(html)


def test_every_mail_that_can_be_sent_is_worded_here() -> None:
    assert len(PREFIXES) >= 20
    assert sign_in_mails.known() == set(PREFIXES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_has_both_parts_one_action_and_nothing_unfilled(prefix: str, language: str) -> None:
    person = make_user(name="Ana", email="ana@example.org", language=language)
    sent = send(prefix, user=person)
    html, text = html_of(sent), str(sent.body)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert sent.extra_headers["Content-Language"] == language
    codes = html.count('<p class="code"')
    links = re.findall(r'<a href="([^"]+)"', html)
    assert codes + len(links) == 1
    assert bool(codes) == (prefix in CODES)
    if codes:
        assert "ABCD-EFGH" in html and re.search(r"^ +ABCD-EFGH$", text, re.MULTILINE)
    else:
        assert links[0].startswith(settings.SITE_URL) and unescape(links[0]) in text
        assert len(re.findall(r"https?://\S+", text)) == 1
    for part in (sent.subject, text, html.partition("</style>")[2]):
        assert part.strip() and not re.search(r"%\(|%[sd]|\{\{|\{%|None", part), part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_says_when_and_from_where(language: str) -> None:
    sent = send("mfa/email/totp_activated", user=make_user(language=language))
    assert "192.0.2.7" in sent.body and "Firefox <b>128</b>" in sent.body
    assert "Firefox &lt;b&gt;128&lt;/b&gt;" in html_of(sent)


def test_who_is_unknown_is_written_to_in_the_language_of_the_page_and_without_a_name() -> None:
    with translation.override("es"):
        sent = send("account/email/unknown_account", to="nobody@example.org")
    assert sent.extra_headers["Content-Language"] == "es" and "/account/signup/" in sent.body


def test_an_address_that_nobody_confirmed_is_not_greeted_by_a_name_somebody_chose() -> None:
    person = make_user(name="Win a prize at spam.example", email="ana@example.org")
    for prefix in sorted(sign_in_mails.UNCONFIRMED):
        sent = send(prefix, user=person)
        assert "spam.example" not in sent.body and "spam.example" not in html_of(sent)
    assert "spam.example" in send("account/email/login_code", user=person).body
