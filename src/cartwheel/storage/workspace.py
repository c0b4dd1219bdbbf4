"""A shop's workspace: a folder with settings, lake, database and what was carried out.

One writer at a time holds the workspace's lock; readers need none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from cartwheel.core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from cartwheel.storage.files import unwritten, write_text

FORMAT = 1  # raised when an older Cartwheel could not read the workspace any more
SETTINGS_FILE = "cartwheel.toml"
_UNREADABLE = frozenset("[]%")  # Delta takes paths for URLs: brackets and escapes break it


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a workspace keeps what."""

    root: Path

    @property
    def settings(self) -> Path:
        """Return the file of settings."""
        return self.root / SETTINGS_FILE

    @property
    def lake(self) -> Path:
        """Return the folder of tables."""
        return self.root / "lake"

    @property
    def database(self) -> Path:
        """Return the file of live records."""
        return self.root / "cartwheel.db"

    @property
    def reports(self) -> Path:
        """Return the folder of reports."""
        return self.root / "reports"

    @property
    def outbox(self) -> Path:
        """Return the folder of files that carry approved proposals out of the house."""
        return self.root / "out"

    @contextmanager
    def writing(self, wait_seconds: float = 10.0) -> Iterator[None]:
        """Hold the workspace for writing.

        Raises
        ------
        UnavailableError
            Another process is writing for longer than ``wait_seconds``.
        """
        lock = FileLock(self.root / ".lock", timeout=wait_seconds)
        try:
            lock.acquire()
        except Timeout as error:
            raise UnavailableError(
                f'Another command is writing to "{self.root.name}"; wait for it to end.'
            ) from error
        except OSError as error:
            raise unwritten(self.root, error) from error
        try:
            yield
        finally:
            lock.release()


def create_workspace(root: Path, settings: str) -> Folders:
    """Make a workspace in ``root`` with the given text of settings.

    Raises
    ------
    ConflictError
        ``root`` is a workspace already, or a folder with other things in it.
    InputError
        The path of ``root`` cannot hold a lake.
    DiskFullError, UnavailableError
        ``root`` cannot be written.
    """
    folders = Folders(root)
    odd = sorted(set(str(root.resolve())) & _UNREADABLE)
    if odd:
        raise InputError(
            f'The lake cannot live under "{root.resolve()}": {" ".join(odd)} in a path is read as '
            "something else by the table format. Name another folder."
        )
    if folders.settings.exists():
        raise ConflictError(
            f'"{root}" is a workspace already; its settings are in {SETTINGS_FILE}.'
        )
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ConflictError(f'"{root}" is not empty; name a new folder.')
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritten(root, error) from error
    write_text(folders.settings, settings)
    return folders


def open_folders(root: Path) -> tuple[Folders, dict[str, object]]:
    """Return the folders of the workspace in ``root`` and its settings as read.

    Raises
    ------
    NotFoundError
        There is no workspace.
    InputError
        The settings are no TOML, or of a newer version of Cartwheel.
    """
    folders = Folders(root)
    if not folders.settings.is_file():
        raise NotFoundError(
            f'"{root}" is not a workspace: it has no {SETTINGS_FILE}. '
            f'Make one with "cartwheel init {root}".'
        )
    try:
        found = tomllib.loads(folders.settings.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{folders.settings}: {error}") from error
    version = found.pop("format", None)
    if not isinstance(version, int):
        raise InputError(f'{folders.settings}: "format = {FORMAT}" is missing.')
    if version > FORMAT:
        raise InputError(
            f'"{root}" was written by a newer Cartwheel (format {version}; this one reads up to '
            f"{FORMAT}). Update Cartwheel; nothing was changed."
        )
    return folders, found
