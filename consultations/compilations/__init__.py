"""Compilations of a round's comments: tables of three kinds, as files of four formats, of any length."""
