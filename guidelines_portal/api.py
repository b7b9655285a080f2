"""The router of `/api/v1/`: every app's endpoints are registered here."""

from rest_framework.routers import SimpleRouter

from consultations.api.comments import CommentViewSet
from consultations.api.questions import QuestionViewSet
from consultations.api.rounds import RoundViewSet
from core.api import JobViewSet
from drafts.api import DraftViewSet, GuidelinesViewSet, ProvisionViewSet
from experts.api.calls import CallViewSet
from experts.api.nominations import CallNominationViewSet, NominationViewSet
from experts.api.offers import CallOfferViewSet, OfferViewSet
from experts.api.selections import SelectionViewSet
from roadmap.api.funding import CostLineViewSet, FundingViewSet, SnapshotViewSet
from roadmap.api.meeting_outcomes import DecisionViewSet, TaskViewSet
from roadmap.api.meeting_parts import AgendaViewSet, MeetingInvitationViewSet, PaperViewSet
from roadmap.api.meetings import MeetingViewSet
from roadmap.api.milestones import MilestoneViewSet
from roadmap.api.resolutions import ResolutionViewSet

router = SimpleRouter()
router.register("guidelines", GuidelinesViewSet, basename="guidelines")
router.register("drafts", DraftViewSet, basename="draft")
router.register("provisions", ProvisionViewSet, basename="provision")
router.register("rounds", RoundViewSet, basename="round")
router.register("comments", CommentViewSet, basename="comment")
router.register("questions", QuestionViewSet, basename="question")
router.register("calls", CallViewSet, basename="call")
router.register(r"calls/(?P<call>\d{1,15})/nominations", CallNominationViewSet, basename="call-nomination")
router.register("nominations", NominationViewSet, basename="nomination")
router.register(r"calls/(?P<call>\d{1,15})/offers", CallOfferViewSet, basename="call-offer")
router.register("offers", OfferViewSet, basename="offer")
router.register("jobs", JobViewSet, basename="job")
router.register(r"calls/(?P<call_id>\d{1,15})/selections", SelectionViewSet, basename="selection")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("resolutions", ResolutionViewSet, basename="resolution")
router.register("funding/lines", CostLineViewSet, basename="cost-line")
router.register("funding/snapshots", SnapshotViewSet, basename="funding-snapshot")
router.register("funding", FundingViewSet, basename="funding")
MEETING = r"meetings/(?P<meeting>[0-9a-f-]{36})"
router.register(f"{MEETING}/agenda", AgendaViewSet, basename="meeting-agenda")
router.register(f"{MEETING}/papers", PaperViewSet, basename="meeting-paper")
router.register(f"{MEETING}/invitations", MeetingInvitationViewSet, basename="meeting-invitation")
router.register(f"{MEETING}/decisions", DecisionViewSet, basename="meeting-decision")
router.register(f"{MEETING}/tasks", TaskViewSet, basename="meeting-task")
