"""Reading what was decided and reported elsewhere: resolutions and reports on them, as text taken from a PDF."""
