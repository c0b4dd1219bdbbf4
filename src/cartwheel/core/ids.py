"""Identifiers that follow from content, so that doing a thing twice names it once."""

from __future__ import annotations

import hashlib
import json

_LENGTH = 20  # hex digits: 80 bits, a collision in 10 million ids has probability below 1e-10


def content_id(prefix: str, *parts: object) -> str:
    """Return ``prefix-<hash of parts>``; equal parts give equal ids on every machine.

    Examples
    --------
    >>> content_id("po", "s1", 3) == content_id("po", "s1", 3) != content_id("po", "s1", 4)
    True
    """
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]}"
