"""A small language for paths, such as ``view > add_to_cart > checkout? > purchase``.

    path  = step { ">" step }
    step  = ( slot | "{" slot { "," slot } "}" ) [ "?" ]
    slot  = kind { "|" kind }

Steps come one after the other, other events may lie between. A group in braces wants all its
slots, in any order. ``a|b`` is either kind. ``?`` marks a step that later steps do not need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cartwheel.core.errors import InputError

_KIND = re.compile(r"\w[\w.:-]*")
_MOST_SLOTS = 4  # a group of n slots needs 2^n - 1 running maxima


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step: slots that are all wanted, each a choice of event kinds."""

    slots: tuple[frozenset[str], ...]
    is_optional: bool
    text: str

    @property
    def kinds(self) -> frozenset[str]:
        """Return all event kinds that count for the step."""
        return frozenset().union(*self.slots)


@dataclass(frozen=True, slots=True)
class Funnel:
    """A path of at least two steps, of which the first is required."""

    steps: tuple[FunnelStep, ...]

    @property
    def text(self) -> str:
        """Return the path in the language, evenly spaced."""
        return " > ".join(step.text for step in self.steps)

    @property
    def kinds(self) -> frozenset[str]:
        """Return all event kinds of the path."""
        return frozenset().union(*(step.kinds for step in self.steps))


def parse_funnel(text: str) -> Funnel:
    """Read a path.

    Raises
    ------
    InputError
        The text is no path; the message says which step and why.

    Examples
    --------
    >>> parse_funnel("{search,view}>add_to_cart > checkout?").text
    '{search, view} > add_to_cart > checkout?'
    """
    steps = tuple(_parse_step(part.strip(), text) for part in text.split(">"))
    if len(steps) < 2:
        raise InputError(f'The funnel "{text}" needs at least two steps, parted by ">".')
    if steps[0].is_optional:
        raise InputError(f'The first step of the funnel "{text}" cannot be optional.')
    return Funnel(steps)


def _parse_step(part: str, path: str) -> FunnelStep:
    is_optional = part.endswith("?")
    body = part.removesuffix("?").strip()
    is_group = body.startswith("{") and body.endswith("}")
    inner = body[1:-1].split(",") if is_group else [body]
    slots = tuple(_parse_slot(slot, part, path) for slot in inner)
    if len(slots) > _MOST_SLOTS:
        raise InputError(f'The step "{part}" of "{path}" has more than {_MOST_SLOTS} slots.')
    if len(frozenset().union(*slots)) < sum(map(len, slots)):
        raise InputError(f'The step "{part}" of "{path}" names a kind twice.')
    named = ", ".join("|".join(sorted(slot)) for slot in slots)
    text = (f"{{{named}}}" if is_group else named) + ("?" if is_optional else "")
    return FunnelStep(slots, is_optional, text)


def _parse_slot(slot: str, part: str, path: str) -> frozenset[str]:
    kinds = [kind.strip() for kind in slot.split("|")]
    for kind in kinds:
        if not _KIND.fullmatch(kind):
            raise InputError(
                f'The step "{part}" of the funnel "{path}" holds "{kind}", which is no event '
                'kind; write kinds like add_to_cart, groups like "{search, view}".'
            )
    return frozenset(kinds)
