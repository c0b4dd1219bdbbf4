"""Write a simulated shop to a folder, as a shop would export it, with the truths beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl

from cartwheel.core.errors import ConflictError, UnavailableError
from cartwheel.simulate.meaning import MEANINGS
from cartwheel.simulate.shop import SimulatedShop

_BIG = 20_000  # rows from which a table is written as Parquet
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def write_shop(shop: SimulatedShop, folder: Path) -> tuple[Path, ...]:
    """Write one file a table and the folder ``truths``; return the tables' files.

    Big tables are Parquet, small ones CSV (UTF-8, instants as ISO 8601 in UTC). Tables without a
    row and columns without a value are left out, as a shop leaves out what it does not keep. The
    same shop gives the same bytes.

    Raises
    ------
    ConflictError
        The folder has something in it.
    UnavailableError
        The disk refuses.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise ConflictError(f'The folder "{folder}" is not empty.', folder=str(folder))
        truths = folder / "truths"
        truths.mkdir(parents=True, exist_ok=True)
        files = tuple(
            _write(frame, folder / name) for name, frame in shop.tables.items() if frame.height
        )
        for name, frame in shop.truths.items():
            frame.write_parquet(truths / f"{name}.parquet")
        text = json.dumps(asdict(shop.parameters), indent=2, default=str)
        (truths / "parameters.json").write_text(text + "\n", encoding="utf-8")
        (truths / "README.md").write_text(_readme(shop), encoding="utf-8")
    except OSError as error:
        raise UnavailableError(f'The shop cannot be written to "{folder}": {error}') from error
    return files


def _write(frame: pl.DataFrame, stem: Path) -> Path:
    frame = frame.select(column.name for column in frame if column.null_count() < frame.height)
    if frame.height >= _BIG:
        path = stem.with_suffix(".parquet")
        frame.write_parquet(path)
    else:
        path = stem.with_suffix(".csv")
        frame.write_csv(path, datetime_format=_INSTANT)
    return path


def _readme(shop: SimulatedShop) -> str:
    """Say what each truth means and list its columns."""
    parts = [
        "# The truths of this simulated shop\n",
        "A shop does not know these. They are here so that methods can be scored against them.",
        "`parameters.json` holds the sizes and the seed; the same ones give the same shop.\n",
    ]
    for name, frame in shop.truths.items():
        parts += [f"## {name}.parquet\n", MEANINGS[name], ""]
        parts += [f"- `{column}` ({dtype})" for column, dtype in frame.schema.items()] + [""]
    return "\n".join(parts)
