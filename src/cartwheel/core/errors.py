"""The error tree. Message for people, ``code`` and ``details`` for programs.

Each class carries the HTTP status and the exit code that entry points answer with, so that an
entry point translates without knowing any concrete error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rapidfuzz import fuzz, process


class CartwheelError(Exception):
    """Anything Cartwheel refuses or cannot do. Never raised itself."""

    code: ClassVar[str] = "cartwheel"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InputError(CartwheelError):
    """What was given breaks a stated expectation."""

    code = "input"
    status = 422
    exit_code = 2


class NotFoundError(CartwheelError):
    """What was named does not exist."""

    code = "not-found"
    status = 404
    exit_code = 2


class ConflictError(CartwheelError):
    """What was asked contradicts the present state."""

    code = "conflict"
    status = 409
    exit_code = 2


class ForbiddenError(CartwheelError):
    """Whoever asked has no right to it."""

    code = "forbidden"
    status = 403
    exit_code = 3


class UnavailableError(CartwheelError):
    """Something outside (disk, database, engine) does not answer."""

    code = "unavailable"
    status = 503
    exit_code = 4


class DiskFullError(UnavailableError):
    """There is no room left; nothing was written."""

    code = "disk-full"
    exit_code = 2


def nearest(name: str, known: Iterable[str], *, cutoff: float = 60.0) -> str | None:
    """Return the known name most like ``name``, or None when nothing is alike.

    Examples
    --------
    >>> nearest("custmer_id", ["customer_id", "order_id"])
    'customer_id'
    """
    choices = {k: k.lower() for k in known}
    found = process.extractOne(name.lower(), choices, scorer=fuzz.ratio, score_cutoff=cutoff)
    return None if found is None else str(found[2])


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?`` for the end of a message, or nothing."""
    found = nearest(name, known)
    return f' Did you mean "{found}"?' if found else ""
