"""Occasions of reminders: what people are reminded of, whom that concerns, and in which words.

To add one, write a module beside these with an ``Occasion`` and pass it to ``register`` when the app is ready
(`roadmap/apps.py`). It says two things:

``find(span, about)``
    yields querysets, each made by ``candidates``: one row for each person and thing that a reminder would concern as
    of ``span.now``, with the date that the rules count from. It needs no look at rules, notices, holds or
    preferences; the engine (`roadmap.actions.reminding`) pages through the rows by their key, so a row must cost no
    query of its own. ``about`` narrows it to one subject: before a mail goes out the same question is asked again of
    one person, and where no row answers, or with another date, the mail isn't sent.
``words(reminded)``
    what the mail says to one person, under their language.

The date is part of what makes a reminder one: moved, it is reminded of anew, and what was queued for the old date
isn't sent.
"""

from roadmap.occasions.registry import (
    DefaultRule,
    Occasion,
    Reminded,
    ReminderWords,
    Span,
    candidates,
    occasion_of,
    occasions,
    register,
)

__all__ = [
    "DefaultRule",
    "Occasion",
    "Reminded",
    "ReminderWords",
    "Span",
    "candidates",
    "occasion_of",
    "occasions",
    "register",
]
