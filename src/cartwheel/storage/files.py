"""Files handed out: written beside their name and moved there, so that none is seen by halves."""

from __future__ import annotations

import os
from pathlib import Path

from cartwheel.core.errors import DiskFullError, NotFoundError, UnavailableError


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 in one piece; see ``write_bytes``."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one piece, durably.

    Raises
    ------
    NotFoundError
        The folder does not exist.
    DiskFullError, UnavailableError
        The file cannot be written; an older one stays as it was.
    """
    if not path.parent.is_dir():
        raise NotFoundError(f'There is no folder "{path.parent}" to write {path.name} to.')
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if error.errno == 28:  # ENOSPC
            raise DiskFullError(f'The disk is full: "{path}" was not written.') from error
        raise UnavailableError(f'"{path}" cannot be written: {error.strerror}') from error
