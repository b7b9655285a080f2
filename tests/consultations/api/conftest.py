"""An open round for the tests of its API."""

import pytest

from consultations.models import Round
from tests.factories import make_draft, make_round


@pytest.fixture
def round_() -> Round:
    """Open to everyone, on a published draft of three paragraphs; its comments are public."""
    return make_round(make_draft(status="published", paragraphs=3), visibility="public")
