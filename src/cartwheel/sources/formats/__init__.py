"""Public formats known by name: their files are recognised by their columns, not their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cartwheel.sources.formats import m5, olist, uci_online_retail, vn2
from cartwheel.sources.source_file import SourceFile
from cartwheel.sources.table_rows import Found

Format = Callable[[Sequence[SourceFile], str, str], Found]  # files, shop's currency and time zone

FORMATS: dict[str, Format] = {
    "uci-online-retail": uci_online_retail.read,
    "olist": olist.read,
    "m5": m5.read,
    "vn2": vn2.read,
}
