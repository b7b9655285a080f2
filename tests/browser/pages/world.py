"""One portal with everything in it: people of every role, rounds in every state, comments of every kind."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from accounts.actions.exporting import start_export
from accounts.actions.invitations import invite_people, token_of
from accounts.actions.memberships import set_replaced, set_role, set_term
from accounts.actions.missions import invite_colleague
from accounts.models import Affiliation, Group, Invitation, Organisation, RoleGrant, day_of
from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import hide_comment, withdraw_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.evidence import add_evidence
from consultations.actions.question_answers import answer_question
from consultations.actions.tallying import recount_round
from consultations.models import Comment, Round
from core.models import Job
from drafts.actions.circulating import circulate_draft
from drafts.actions.publishing import ask_for_status, confirm_status
from drafts.models import Draft, Revision
from tests.accounts.codes import give_app, made_passkey
from tests.accounts.conftest import PASSWORD, agree
from tests.browser.pages.answering_world import add_answers
from tests.browser.pages.applying_world import add_proposals
from tests.browser.pages.carrying_world import add_carried
from tests.browser.pages.expert_world import add_calls, add_nominations, add_scoring
from tests.browser.pages.funding_world import add_funding
from tests.browser.pages.meeting_world import add_meetings
from tests.browser.pages.milestone_world import add_milestones
from tests.browser.pages.panel_world import panel_names
from tests.browser.pages.reminder_world import reminder_names
from tests.browser.pages.report_world import add_reports
from tests.browser.pages.world_names import DAY, LONG, World
from tests.factories import (
    make_comment,
    make_draft,
    make_group,
    make_member_state,
    make_provision,
    make_question,
    make_round,
    make_text,
    make_user,
    set_status,
)


def make_world() -> World:
    world = World()
    _people(world)
    draft = _draft()
    _ways(world, draft)
    _rounds(world, draft)
    add_calls(world, draft)
    _comments(world)
    _questions(world)
    add_scoring(world)
    _belongings(world)
    add_nominations(world)
    if world.people["staff"]:
        add_milestones(world)
        add_funding(world)
        add_reports(world)
        add_answers(world)
        add_proposals(world)
        add_carried(world)
    add_meetings(world)
    if staff := world.people["staff"]:
        world.names |= panel_names(staff)
        world.names |= reminder_names(staff)
    for round in Round.objects.all():
        recount_round(round_id=round.pk)
    return world


def _people(world: World) -> None:
    group = make_group(slug="regional-group", name="Regional group of the eastern and southern cities")
    empty = make_group(slug="empty-group", name="A group of nobody")
    lab = Organisation.objects.create(kind="academia", name=f"Laboratory of {LONG}", name_en="Laboratory")
    expert = make_user(
        "expert", groups=(group,), name="Adaeze Okonta-Featherstonehaugh of the Institute", country_id="KEN"
    )
    state = make_member_state("FRA")
    focal = make_user("focal_point", name="Thandiwe Mokoena", country_id="FRA")
    Affiliation.objects.create(user=focal, organisation=state, role="contact", confirmed_at=timezone.now())
    Affiliation.objects.create(user=expert, organisation=lab, role="contact", confirmed_at=timezone.now())
    asking = Affiliation.objects.create(user=make_user("expert", name="Asks To Join"), organisation=lab)
    Affiliation.objects.create(user=expert, organisation=state)
    staff = make_user("staff", name="Amara Staff", groups=(group,))
    RoleGrant.objects.create(user=expert, role="drafter", scope_type="round", scope_id="0", granted_by=staff)
    for n in range(34):  # more than a page of the secretariat's lists
        make_user("expert", groups=(group,), country_id=("KEN", "FRA", "BRA")[n % 3])
    secured = make_user("staff", name="Has A Second Factor")
    give_app(secured)
    key = Authenticator.objects.create(
        user=secured, type="webauthn", data={"name": "My own old telephone", "credential": made_passkey()}
    )
    for person in (expert, secured):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        person.set_password(PASSWORD)
        person.save()
        agree(person)
    world.people = {
        "anonymous": None,
        "participant": make_user("participant", name="Newcomer"),
        "member": expert,
        "focal": focal,
        "drafter": make_user("drafter", name="Dana Drafter", groups=(group,)),
        "staff": staff,
        "admin": make_user("admin", name="Ada Admin"),
        "secured": secured,
        "left": make_user("participant", name="Left", is_active=False),
    }
    world.names |= {
        "group": group.slug,
        "empty_group": empty.slug,
        "lab": lab.pk,
        "state": state.pk,
        "person": expert.pk,
        "newcomer": world.people["participant"].pk,  # type: ignore[union-attr]
        "self": staff.pk,
        "left": world.people["left"].pk,  # type: ignore[union-attr]
        "asking": asking.pk,
        "key": key.pk,
    }
    world.names["group_row"] = group
    own = expert.memberships.get()
    last = day_of(timezone.now()) + timedelta(days=20)
    set_term(actor=staff, membership=own, ends_on=last, reason=f"Agreed with the mission, for {LONG}.")
    set_role(actor=staff, membership=own, role="rapporteur", reason="Chosen by the group.")
    over = world.people["left"].memberships.create(  # type: ignore[union-attr]
        group=group, since=timezone.now() - timedelta(days=90), until=timezone.now() - timedelta(days=9)
    )
    set_replaced(actor=staff, membership=own, replaces=over)
    world.names |= {"membership": own.pk, "membership_over": over.pk}


def _draft() -> Draft:
    old = make_draft(status="published", paragraphs=1, label="Zero draft")
    guidelines = old.guidelines
    guidelines.slug, guidelines.title = (
        "smart-cities",
        "International guidelines on people-centred smart cities",
    )
    guidelines.save()
    draft = make_draft(guidelines=guidelines, label="First draft", number=2, paragraphs=3)
    chapter = draft.provisions.get(key="chp_1")
    make_provision(draft, "sec_1", parent=chapter, kind="section", number="A", heading=f"A section of {LONG}")
    make_provision(
        draft,
        "long",
        number="4",
        parent=chapter,
        text=f"Governments use data on digital public infrastructure.[^1] {LONG} agree. " * 6,
    )
    make_provision(draft, "pri_1", parent=chapter, kind="principle", number="Principle 1 (a)", text="Fair.")
    make_provision(draft, "act_1", parent=chapter, kind="action", number="5", text="Fund it.")
    make_provision(draft, "act_1_a", parent=chapter, kind="item", number="5 (a)", text="And its data.")
    make_provision(draft, "fig_1", parent=chapter, kind="figure", number="Figure 1", text="A figure.")
    make_provision(draft, "tab_1", parent=chapter, kind="table", number="Table 1", text="A | B")
    make_provision(draft, "fn_1", kind="footnote", number="1", text="New Urban Agenda.")
    make_provision(draft, "term_data", kind="term", heading="data", text="What is recorded.")
    for n in range(1, 9):
        pillar = make_provision(
            draft, f"pillar_{n}", kind="pillar", pillar=n, number=str(n), heading=f"Pillar {n} of {LONG}"
        )
        make_provision(draft, f"p{n}_1", parent=pillar, pillar=n, number=f"{n}0", text="Words of a pillar.")
    for language, words in (("ar", "تتحدث الفقرة عن المدن الذكية."), ("zh-hans", "本段讲的是智慧城市。")):
        for key in ("para_1", "para_2", "chp_1"):
            make_text(
                draft.provisions.get(key=key),
                language=language,
                text=words if key != "chp_1" else "",
                heading=words if key == "chp_1" else "",
            )
    set_status(draft, "published")
    _outdated(make_draft(guidelines=guidelines, label="Working draft", number=3, paragraphs=1))
    return draft


def _ways(world: World, draft: Draft) -> None:
    """Two more drafts on their way: one that waits for a second person, one for its time; and an adopted one."""
    drafter, staff = world.people["drafter"], world.people["staff"]
    readers = [Group.objects.get(slug="regional-group"), Group.objects.get(slug="empty-group")]
    asked = make_draft(guidelines=draft.guidelines, label="Circulated draft", number=4, paragraphs=1)
    circulate_draft(actor=drafter, draft=asked, groups=readers)
    ask_for_status(actor=drafter, draft=asked, note=f"Agreed by the {LONG}.")
    waits = make_draft(guidelines=draft.guidelines, label="Scheduled draft", number=5, paragraphs=1)
    request = ask_for_status(actor=staff, draft=waits, due_at=timezone.now() + 9 * DAY)
    confirm_status(actor=drafter, request=request)
    adopted = make_draft(status="published", paragraphs=1, label="Adopted draft")
    confirm_status(
        actor=drafter,
        request=ask_for_status(actor=staff, draft=adopted, target="adopted", note="HSP/HA.3/Res.1"),
    )
    world.names["adopted"] = adopted.guidelines.slug


def _outdated(draft: Draft) -> None:
    """A translation whose original has changed since."""
    first = draft.provisions.get(key="para_1")
    make_text(first, language="ar", text="تتحدث الفقرة عن المدن الذكية.", translated_from_version=1)
    source = first.texts.get(language="en")
    source.text, source.version = source.text.replace("smart", "small smart"), 2
    source.save()
    Revision.objects.create(provision_text=source, version=2, content=source.content)


def _rounds(world: World, draft: Draft) -> None:
    now, group = timezone.now(), world.names.pop("group_row")
    guidance = "Tell us where the words are unclear.\n\nAnd what is missing."
    rounds = {
        "round": make_round(draft, title="An open consultation on all of it", guidance=guidance),
        "planned": make_round(draft, title="To come", opens_at=now + 20 * DAY, closes_at=now + 50 * DAY),
        "closed": make_round(draft, title="Closed", opens_at=now - 40 * DAY, closes_at=now + DAY),
        "published": make_round(draft, title="Published", opens_at=now - 90 * DAY, closes_at=now + DAY),
        "secret": make_round(
            draft, title="Read by few", groups=(group,), visibility="secretariat", anonymous=True
        ),
        "invited": make_round(draft, title="By invitation", groups=(group,), visibility="participants"),
        "bare": make_round(draft, title="Nobody has spoken"),
    }
    world.names |= {name: round.pk for name, round in rounds.items()}
    world.names |= {"slug": draft.guidelines.slug, "number": draft.number, "draft": draft.pk}


def _comments(world: World) -> None:
    people, rounds = (
        world.people,
        {
            name: Round.objects.get(pk=pk)
            for name, pk in world.names.items()
            if name in ("round", "closed", "published", "secret", "invited")
        },
    )
    me, staff, focal = people["member"], people["staff"], people["focal"]
    assert me and staff and focal
    round = rounds["round"]
    quote = AnchorInput(exact="smart cities")
    said = make_comment(
        round,
        me,
        provision_key="para_1",
        anchor=quote,
        proposed_text="Paragraph 1 speaks of towns.",
        rationale=f"Because of {LONG}.\nAnd more.",
    )
    add_evidence(actor=me, comment=said, url=f"https://example.org/{LONG.replace(' ', '-')}")
    file = SimpleUploadedFile("figures.txt", b"1,2\n")
    add_evidence(actor=me, comment=said, file=file, title="Figures")
    other = make_comment(
        round, make_user("expert"), provision_key="para_1", language="ar", body="قولوا أكثر."
    )
    for n in range(22):
        make_comment(
            round, make_user("expert"), provision_key="para_2", body=f"Comment {n}. {LONG * (n == 3)}"
        )
    whole = make_comment(round, make_user("expert"), body="On all of it.")
    reply_to_comment(author=staff, comment=said, body="Which towns?")
    take_position(user=focal, comment=said, position="reserve", reason="We are still asking.")
    take_position(user=me, comment=other, position="oppose", reason="It is long enough.")
    answer_comment(actor=staff, comment=said, outcome="partly_accepted", responses={"en": "Towns, yes."})
    draft = make_comment(round, me, provision_key="para_3", submit=False, body="Not sent yet.")
    gone = make_comment(round, me, provision_key="para_3", body="Withdrawn.")
    withdraw_comment(actor=me, comment=gone)
    hidden = make_comment(round, me, provision_key="para_3", body="Hidden.")
    hide_comment(actor=staff, comment=hidden, reason="It names a person.")
    late = make_comment(rounds["closed"], me, provision_key="para_1", submit=False, body="Too late.")
    make_comment(rounds["closed"], me, provision_key="para_1")
    answered = make_comment(rounds["published"], me, provision_key="para_1")
    answer_comment(actor=staff, comment=answered, outcome="accepted", responses={"en": "Done.", "ar": "تم."})
    publish_answers(actor=staff, round=rounds["published"])
    secret = make_comment(rounds["secret"], me, provision_key="para_1", attribution="anonymous")
    make_comment(rounds["invited"], me, provision_key="para_1")
    now = timezone.now()
    for name in ("closed", "published"):
        Round.objects.filter(pk=rounds[name].pk).update(closes_at=now - DAY)
    Round.objects.filter(pk=rounds["published"].pk).update(answered_at=now, published_at=now)
    for name, comment in (
        ("said", said), ("other", other), ("whole", whole), ("unsent", draft), ("gone", gone),
        ("hidden", hidden), ("late", late), ("answered", answered), ("secret_said", secret),
    ):  # fmt: skip
        world.names[name] = comment.uuid
    world.names["said_version"] = Comment.objects.get(pk=said.pk).version


def _questions(world: World) -> None:
    round = Round.objects.get(pk=world.names["round"])
    values = {"choice": "1", "multiple": ["1", "2"], "scale": 3, "open": f"In my own words: {LONG}."}
    for kind, value in values.items():
        question = make_question(round, kind, provision_key="para_1" if kind == "choice" else "")
        world.names[f"q_{kind}"] = question.pk
        for person in ("member", "staff"):
            answer_question(author=world.people[person], question=question, value=value)  # type: ignore[arg-type]
        for _ in range(3):
            answer_question(author=make_user("expert"), question=question, value=value)
    planned = Round.objects.get(pk=world.names["planned"])
    world.names["q_planned"] = make_question(planned, "choice").pk


def _belongings(world: World) -> None:
    staff, me = world.people["staff"], world.people["member"]
    assert staff and me
    lines = f"guest@example.org, Guest\nlong@example.org, {LONG[:60]}\nwithdrawn@example.org, W"
    invite_people(actor=staff, people=lines, role="expert")
    invite_people(actor=staff, people=f"{me.email}, Me", role="coordinator")
    invite_people(actor=staff, people="k@example.org, K, KEN\nlate@example.org, L, BRA", role="focal_point")
    Invitation.objects.filter(email="late@example.org").update(expires_at=timezone.now() - DAY)
    focal, state = world.people["focal"], Organisation.objects.get(pk=world.names["state"])
    for position, email in (("deputy", "deputy@example.org"), ("member", "member@example.org")):
        invite_colleague(
            actor=focal, organisation=state, email=email, name=LONG[:80], position=position, language="en"
        )
    Affiliation.objects.create(
        user=make_user(name=f"Deputy {LONG[:60]}"),
        organisation=state,
        role="deputy",
        confirmed_at=timezone.now(),
    )
    by_mail = {i.email: i for i in Invitation.objects.all()}
    expired = by_mail["long@example.org"]
    world.names["token"] = token_of(by_mail["guest@example.org"])
    world.names["expired_token"] = token_of(expired)
    world.names["my_token"] = token_of(by_mail[me.email])
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - DAY)
    start_export(actor=me, person=me)
    for state, done in (("queued", 0), ("running", 3), ("done", 9), ("failed", 4)):
        job = Job.objects.create(
            owner=me,
            kind="nothing",
            state=state,
            done=done,
            total=9,
            message="Something was wrong."[: done * 9],
        )
        world.names[f"job_{state}"] = job.uuid
    mail = EmailMultiAlternatives(
        "Your code",
        f"Follow http://localhost:8000/en/confirm/?a=1&b=2&c={'x' * 60}",
        "p@localhost",
        [me.email],
    )
    get_connection("core.mailbox.MailboxBackend").send_messages([mail])
