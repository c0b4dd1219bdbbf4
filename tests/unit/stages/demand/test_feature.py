"""What the global model is told: nothing of a period ahead that is not known at the origin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cartwheel.stages.demand.feature import Cells, features, level, running_sums
from cartwheel.stages.demand.panel import PAID


def told(panel, driver, values):
    """Return the last two features (driver ahead, and its change) three steps after period 20."""
    known = replace(panel, drivers={driver: np.asarray([values])})
    cells = Cells(np.array([0]), np.array([20]), np.array([3]))
    sums = running_sums(known)
    return features(known, sums, cells, level(known, sums, cells))[0, -2:]


def test_a_price_paid_after_the_origin_is_not_told(panel_of):
    panel = panel_of([[4.0] * 30])
    cheaper_later = [0.0] * 20 + [-0.5] * 10
    assert told(panel, PAID, cheaper_later) == pytest.approx([0.0, 0.0])
    assert told(panel, PAID, [0.0] * 19 + [-0.4] * 11) == pytest.approx([-0.4, -0.3])


def test_a_listed_price_of_the_period_ahead_is_told(panel_of):
    panel = panel_of([[4.0] * 30])
    assert told(panel, "price", [0.0] * 20 + [-0.5] * 10) == pytest.approx([-0.5, -0.5])
