"""The settings of the behaviour stage, section ``[stages.behaviour]``."""

from __future__ import annotations

from dataclasses import dataclass

from cartwheel.core.errors import InputError
from cartwheel.stages.behaviour.funnel import Funnel, parse_funnel
from cartwheel.stages.behaviour.motive import MotiveRule
from cartwheel.stages.behaviour.segmentation import ClusterSearch
from cartwheel.stages.behaviour.winback import WinbackRule

DEFAULT_FUNNELS = (
    "view > add_to_cart > checkout? > purchase",
    "{search, view} > add_to_cart > purchase",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourSettings:
    """Section ``[stages.behaviour]`` of the settings."""

    session_gap_minutes: int = 30  # a longer pause begins a new visit
    funnels: tuple[str, ...] = DEFAULT_FUNNELS  # paths in the language of module funnel
    funnel_window_days: float = 7.0  # longest time from the start of a path to a step
    funnel_lookback_days: int = 90  # events older than this are not in the funnels
    clusters_least: int = 3  # numbers of segments K-Means tries
    clusters_most: int = 8
    test_days: int = 90  # period in which "who buys next" is tested; shorter for a short past
    motive_least_lines: int = 8  # order lines below which a customer's motive is unknown
    winback_relative_lift: float = 0.1  # assumed effect of a win-back campaign; measured by holdout
    winback_holdout_share: float = 0.2  # of the list, not written to

    def __post_init__(self) -> None:
        object.__setattr__(self, "funnels", tuple(self.funnels))  # TOML gives a list
        if not self.funnels:
            raise InputError("stages.behaviour.funnels must name at least one path.")
        for name in (
            "session_gap_minutes", "funnel_window_days", "funnel_lookback_days", "test_days",
        ):  # fmt: skip
            if getattr(self, name) <= 0:
                raise InputError(f"stages.behaviour.{name} must be above 0.")
        _ = self.paths, self.clusters, self.motive, self.winback  # each checks itself

    @property
    def paths(self) -> tuple[Funnel, ...]:
        """Return the funnels, each once."""
        return tuple(dict.fromkeys(parse_funnel(text) for text in self.funnels))

    @property
    def clusters(self) -> ClusterSearch:
        """Return which numbers of segments are tried."""
        return ClusterSearch(least=self.clusters_least, most=self.clusters_most)

    @property
    def motive(self) -> MotiveRule:
        """Return when a motive is said to stand out."""
        return MotiveRule(least_lines=self.motive_least_lines)

    @property
    def winback(self) -> WinbackRule:
        """Return whom a win-back list is for."""
        return WinbackRule(
            relative_lift=self.winback_relative_lift, holdout_share=self.winback_holdout_share
        )
