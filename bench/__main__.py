"""Run the benchmarks: ``python -m bench``; ``BENCH=name`` runs one. Needs PostgreSQL (``DATABASE_URL``)."""

import os
import sys
import warnings

DEFAULT_DATABASE = "postgres://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    """Prepare Django on a database of its own, run what was asked for, print one table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guidelines_portal.settings.testing")
    os.environ.setdefault("DATABASE_URL", DEFAULT_DATABASE)
    warnings.filterwarnings("ignore", "No directory at")  # collected static files: not what is measured
    import django

    django.setup()
    from django.db import OperationalError, connection

    from bench.measures import BENCHES
    from bench.scratch import scratch_database
    from bench.table import Measure

    wanted = os.environ.get("BENCH", "")
    if wanted and wanted not in BENCHES:
        print(f"There is no benchmark {wanted!r}. There are: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    rows: list[Measure] = []
    try:
        with scratch_database():
            print(
                f"Database: {connection.vendor}. Times are medians; compare within one run only.\n",
                flush=True,
            )
            for name, bench in BENCHES.items():
                if wanted in ("", name):
                    rows += bench()
    except OperationalError as error:
        print(f"The database of DATABASE_URL does not answer: {error}", file=sys.stderr)
        return 2
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:<{width}}  {row.value:>14}  {row.bound:<18}  {'' if row.holds else 'MISSED'}")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
