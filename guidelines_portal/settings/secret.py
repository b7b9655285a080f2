"""A secret key made once and kept in a file."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret in `path`, made on first use and readable by its owner only.

    Web server and worker may start at the same moment: the file appears complete or not at all, and whoever
    comes second takes what the first one wrote.
    """
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp: mode 0600
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_urlsafe(64))
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    return path.read_text().strip()
