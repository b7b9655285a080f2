"""Programs of others that are measured beside the portal, each in an environment of its own under ``var/``."""

import subprocess
import sys

from django.conf import settings

SECONDS = 900


def python_with(name: str, *packages: str) -> str | None:
    """The Python of the environment ``name`` that has these packages, installed where it lacks them.

    None where they can't be had: a bench then says so and goes on.
    """
    python = settings.BASE_DIR / "var" / f"bench-{name}" / "bin" / "python"
    try:
        if not python.exists():
            make = [sys.executable, "-m", "venv", str(python.parent.parent)]
            subprocess.run(make, check=True, capture_output=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        subprocess.run(install, check=True, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None
    return str(python)


def run_peer(
    python: str, program: str, *arguments: str, given: str = "", environment: dict[str, str] | None = None
) -> str:
    """The last line that ``bench/<program>`` writes when that Python runs it; libraries may print before it."""
    ran = subprocess.run(
        [python, str(settings.BASE_DIR / "bench" / program), *arguments],
        input=given,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return ran.stdout.splitlines()[-1]
