"""Names called in replies: found on the server, shown under the rules of the thread, giving nobody away."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from accounts.pseudonyms import pseudonym_of
from consultations.actions.comments import edit_comment
from consultations.actions.discussing import reply_to_comment
from consultations.actions.leaving import take_name_off
from consultations.mentions import addressees, others, text_of
from consultations.models import Comment, Mention, Reply, Round
from consultations.records import mentions as mentions_of
from consultations.records import replies as replies_of
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=1), visibility="public")


@pytest.fixture
def comment(round_: Round) -> Comment:
    return make_comment(round_, make_user(name="Ana Ruiz"), provision_key="para_1")


def say(comment: Comment, body: str, name: str = "Kwabena Tetteh", author: Any = None) -> Reply:
    return reply_to_comment(author=author or make_user(name=name), comment=comment, body=body)


def whom(reply: Reply) -> list[str]:
    return list(reply.mentions.values_list("whom", flat=True))


def page_of(comment: Comment, user: Any = None, language: str = "en") -> str:
    client = Client()
    if user:
        client.force_login(user)
    answer = client.get(f"/{language}/rounds/{comment.round_id}/comments/{comment.uuid}/")
    return answer.content.decode()


def test_a_name_of_the_thread_is_found_and_kept_out_of_the_words(comment: Comment) -> None:
    first = say(comment, "I agree with @ana ruiz, and more.")
    second = say(comment, "Well said, @Kwabena Tetteh! @Secretariat, do you hear?", "Li Wenqing")
    assert (first.body, whom(first)) == ("I agree with @, and more.", ["commenter"])
    assert (second.body, whom(second)) == ("Well said, @! @, do you hear?", ["replier", "secretariat"])
    assert second.mentions.get(whom="replier").addressed == first
    assert text_of(first, comment) == "I agree with @Ana Ruiz, and more."
    page = page_of(comment)
    assert 'Well said, <bdi class="mention">@Kwabena Tetteh</bdi>!' in page


@pytest.mark.parametrize(
    "words",
    [
        "Write to me: kwabena@ana ruiz.example",  # an address, not a name
        "@Nobody here said so.",
        "@Ana Ruizova is somebody else.",
        "@ Ana Ruiz",
        "@",
        "@@@",
    ],
)
def test_what_is_no_name_of_the_thread_stays_as_typed(comment: Comment, words: str) -> None:
    reply = say(comment, words)
    assert (reply.body, whom(reply)) == (words, [])
    assert text_of(reply, comment) == words


@pytest.mark.parametrize(
    "words", ["@秘书处请看。", "请＠秘书处看。", "@Secrétariat: ici", "@الأمانة العامة", "@СЕКРЕТАРИАТ!"]
)
def test_the_secretariat_is_called_in_any_language(comment: Comment, words: str) -> None:
    # The names come from the catalogues: whatever they say there is understood.
    for language, typed in (
        ("zh-hans", "秘书处"),
        ("fr", "Secrétariat"),
        ("ru", "СЕКРЕТАРИАТ"),
        ("ar", "الأمانة العامة"),
    ):
        with translation.override(language):
            words = words.replace(typed, addressees(comment)[-1].name)
    reply = say(comment, words)
    assert whom(reply) == ["secretariat"]
    with translation.override("en"):
        assert "@Secretariat" in text_of(reply, comment)


def test_markup_in_a_name_and_around_it_is_text(round_: Round) -> None:
    comment = make_comment(round_, make_user(name="<b>Ana</b>"))
    say(comment, "<i>Hear</i> @<b>Ana</b> & co")
    page = page_of(comment)
    assert '&lt;i&gt;Hear&lt;/i&gt; <bdi class="mention">@&lt;b&gt;Ana&lt;/b&gt;</bdi> &amp; co' in page


@pytest.mark.parametrize("attribution", ["anonymous", "organisation"])
def test_who_gave_no_name_is_called_by_the_number(round_: Round, attribution: str) -> None:
    author = make_user(name="Ana Ruiz")
    comment = make_comment(round_, author, attribution=attribution)
    assert [each.name for each in addressees(comment)] == [f"No. {comment.number}", "Secretariat"]
    named = say(comment, "Thank you, @Ana Ruiz.")
    numbered = say(comment, f"Thank you, @No. {comment.number}.")
    assert (whom(named), whom(numbered)) == ([], ["commenter"])


def test_a_longer_number_is_another(round_: Round) -> None:
    comment = make_comment(round_, make_user(), attribution="anonymous")
    reply = say(comment, f"As @No. {comment.number}7 says.")
    assert whom(reply) == []


def test_a_name_gone_from_the_comment_is_gone_from_mentions(comment: Comment) -> None:
    reply = say(comment, "Yes, @Ana Ruiz.")
    changed = edit_comment(
        actor=comment.author, comment=comment, version=comment.version, attribution="anonymous"
    )
    assert text_of(reply, changed) == f"Yes, @No. {comment.number}."
    assert "Ana Ruiz" not in page_of(changed)


def test_calling_oneself_gives_nothing_away(round_: Round) -> None:
    """The author of a comment without name, replying under their name, calls its number as anybody else does."""
    author = make_user(name="Ana Ruiz")
    comment = make_comment(round_, author, attribution="anonymous")
    own = say(comment, f"What @No. {comment.number} says.", author=author)
    assert whom(own) == ["commenter"]
    assert [each.name for each in others(comment, author)] == ["Secretariat"]


def test_in_an_anonymous_round_nobody_is_called_by_name(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(anonymous=True)
    round_.refresh_from_db()
    comment = make_comment(round_, make_user(name="Ana Ruiz"))
    say(comment, "I agree.")
    reply = say(comment, "@Ana Ruiz @Kwabena Tetteh", author=make_user("staff", name="Stella"))
    assert whom(reply) == []
    assert [each.name for each in addressees(comment)] == [f"No. {comment.number}", "Secretariat"]


def test_a_round_made_anonymous_later_shows_no_name_that_was_called(round_: Round, comment: Comment) -> None:
    say(comment, "I agree.")
    reply = say(comment, "@Ana Ruiz and @Kwabena Tetteh, yes.", "Li")
    Round.objects.filter(pk=round_.pk).update(anonymous=True)
    comment = Comment.objects.get(pk=comment.pk)
    assert text_of(reply, comment) == f"@No. {comment.number} and @Without name, yes."


def test_where_the_secretariat_alone_reads_the_number_is_not_told(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(visibility="secretariat")
    comment = make_comment(Round.objects.get(pk=round_.pk), make_user(), attribution="anonymous")
    assert addressees(comment)[0].name == "Author of the comment"


def test_nobody_passes_for_the_secretariat(comment: Comment) -> None:
    say(comment, "Hear me.", "Secretariat")
    reply = say(comment, "@Secretariat, really?")
    assert whom(reply) == ["secretariat"]


def test_of_one_name_the_author_comes_first_and_then_who_spoke_last(comment: Comment) -> None:
    say(comment, "One.", "Li")
    last = say(comment, "Two.", "Li")
    say(comment, "Three.", "Ana Ruiz")
    reply = say(comment, "@Li @Ana Ruiz")
    assert [m.addressed for m in reply.mentions.all()] == [last, None]
    assert len(addressees(comment)) == 4


def test_a_reply_that_is_hidden_names_nobody(comment: Comment) -> None:
    first = say(comment, "Rude words.")
    reply = say(comment, "No, @Kwabena Tetteh.", "Li")
    Reply.objects.filter(pk=first.pk).update(status="hidden")
    reply = Reply.objects.get(pk=reply.pk)
    assert text_of(reply, comment) == "No, @Without name."
    assert "Kwabena" not in page_of(comment)
    assert "Kwabena Tetteh" not in [each.name for each in addressees(comment)]


def test_who_leaves_is_called_by_the_pseudonym_and_no_longer_offered(comment: Comment) -> None:
    kwabena = make_user(name="Kwabena Tetteh")
    say(comment, "I agree.", author=kwabena)
    reply = say(comment, "@Ana Ruiz, @Kwabena Tetteh", "Li")
    for person in (kwabena, comment.author):
        take_name_off(person_id=person.pk)
    comment = Comment.objects.get(pk=comment.pk)
    reply = Reply.objects.get(pk=reply.pk)
    assert text_of(reply, comment) == f"@{pseudonym_of(comment.author)}, @{pseudonym_of(kwabena)}"
    assert "Tetteh" not in page_of(comment) and "Ruiz" not in page_of(comment)
    assert [each.name for each in addressees(comment)] == ["Li", "Secretariat"]


def test_the_database_holds_a_place_once_and_a_replier_by_a_reply(comment: Comment) -> None:
    reply = say(comment, "@Ana Ruiz")
    for wrong in (
        {"position": 0, "whom": "secretariat"},
        {"position": 1, "whom": "replier"},
        {"position": 1, "whom": "commenter", "addressed": reply},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mention.objects.create(reply=reply, **wrong)


def test_sent_twice_from_one_form_it_is_one_reply_with_its_mentions(comment: Comment) -> None:
    client = Client()
    client.force_login(make_user())
    address = f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/replies/"
    sent = {"body": "Yes, @Ana Ruiz.", "idempotency_key": "6f1c1c0e-52a5-4a66-8a0e-0a8f5f0f7d11"}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert (Reply.objects.count(), Mention.objects.count()) == (1, 1)


def test_the_api_tells_where_names_stand(comment: Comment) -> None:
    client = Client()
    client.force_login(make_user(name="Li"))
    address = f"/api/v1/comments/{comment.uuid}/replies/"
    made = client.post(address, {"body": "Yes, @Ana Ruiz."}, content_type="application/json")
    assert made.status_code == 201
    shown = client.get(address).json()["results"][0]
    assert shown == made.json()
    assert shown["body"] == "Yes, @Ana Ruiz."
    assert shown["mentions"] == [{"name": "Ana Ruiz", "start": 5, "end": 14}]


def test_the_export_has_where_one_is_mentioned_and_ones_own_words_whole(comment: Comment) -> None:
    author = make_user(name="Li")
    say(comment, "Yes, @Ana Ruiz.", author=author)
    (row,) = mentions_of(comment.author)
    assert (row["name"], row["round"]) == ("Ana Ruiz", comment.round.title)
    assert replies_of(author)[0]["body"] == "Yes, @Ana Ruiz."


def test_the_list_of_names_stands_beside_the_field_for_who_may_reply(comment: Comment) -> None:
    say(comment, "I agree.")
    page = page_of(comment, make_user())
    assert all(f'data-name="{name}"' in page for name in ("Ana Ruiz", "Kwabena Tetteh", "Secretariat"))
    assert "data-name=" not in page_of(comment)


def test_mentions_cost_one_query_however_many(comment: Comment) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (1, 6):
        for n in range(more):
            say(comment, "@Ana Ruiz @Kwabena Tetteh", f"Li {n}")
        with CaptureQueriesContext(connection) as captured:
            page_of(comment)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("attribution", ["anonymous", "organisation"])
def test_who_gave_no_name_keeps_it_back_when_replying(round_: Round, attribution: str) -> None:
    author = make_user("expert", name="Zzcanary Qquux")
    comment = make_comment(round_, author, attribution=attribution)
    reply_to_comment(author=author, comment=comment, body="I add this.")
    other = make_user("expert")
    for reader in (None, other):
        assert "Zzcanary" not in page_of(comment, reader)
    assert "Author of the comment" in page_of(comment, other)
    client = Client()
    client.force_login(other)
    address = f"/api/v1/comments/{comment.uuid}/replies/"
    assert client.get(address).json()["results"][0]["author"] == "Author of the comment"
    assert "Zzcanary" not in str([each.name for each in addressees(comment)])
    assert "Shown to others as: Author of the comment" in page_of(comment, author)
    assert "Zzcanary" in page_of(comment, make_user("staff"))
