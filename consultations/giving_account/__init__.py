"""Giving account of a round: who took part, what was answered, what the next draft took up."""
