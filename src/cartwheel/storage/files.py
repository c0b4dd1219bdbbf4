"""Files handed out: written beside their name and moved there, so that none is seen by halves."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from cartwheel.core.errors import ConflictError, DiskFullError, NotFoundError, UnavailableError


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 in one piece; see ``write_bytes``."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one piece, durably.

    Raises
    ------
    NotFoundError
        The folder does not exist.
    ConflictError
        There is a folder of that name.
    DiskFullError, UnavailableError
        The file cannot be written; an older one stays as it was.
    """
    if not path.parent.is_dir():
        raise NotFoundError(f'There is no folder "{path.parent}" to write {path.name} to.')
    if path.is_dir():
        raise ConflictError(f'"{path}" is a folder; name a file in it.')
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise unwritten(path, error) from error


def unwritten(path: Path, error: OSError) -> UnavailableError:
    """Return the error that says why ``path`` was not written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(f'The disk is full: "{path}" was not written.')
    return UnavailableError(f'"{path}" cannot be written: {error.strerror}.')
