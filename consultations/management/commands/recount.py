"""Recompute tallies from the comments."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultations.actions.tallying import recount_round
from consultations.models import Round


class Command(BaseCommand):
    help = 'Recomputes every tally from the comments; prints {"rounds": n, "drift": n}.'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--round", type=int, help="only this round")

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = Round.objects.order_by("pk").values_list("pk", flat=True)
        if options["round"] is not None:
            rounds = rounds.filter(pk=options["round"])
            if not rounds:
                raise CommandError(f"There is no round {options['round']}.", returncode=2)
        drifts = [recount_round(round_id=pk) for pk in rounds]
        self.stdout.write(json.dumps({"rounds": len(drifts), "drift": sum(drifts)}))
