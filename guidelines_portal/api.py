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
from roadmap.api.meetings import MeetingViewSet
from roadmap.api.milestones import MilestoneViewSet

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
