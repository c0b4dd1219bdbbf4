"""Do segments foretell who buys next, on real shops: the stage's own scores, as a table.

    python benchmarks/behaviour_quality.py ../shared/data [--json]

Reads ``uci_online_retail/online_retail.parquet`` (wholesale gifts, 2010-12 to 2011-12) and
``cdnow/CDNOW_master.txt`` (music, one cohort, 1997-01 to 1998-06) under the folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from cartwheel.stages.behaviour.step import BehaviourStep
from cartwheel.tables.step import Outputs
from fakes import MemoryInputs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    found = [_scored(name, read(options.data)) for name, read in _SHOPS.items()]
    scores = pl.concat(found)
    if options.json:
        print(json.dumps(scores.to_dicts()))
        return
    print("| shop | method | slice | measure | value | 90 % interval | cases | CPU, s |")
    print("|---|---|---|---|---:|---|---:|---:|")
    for row in scores.iter_rows(named=True):
        ends = "" if row["low"] is None else f"{row['low']:.3f} to {row['high']:.3f}"
        print(
            f"| {row['shop']} | {row['method']} | {row['slice']} | {row['measure']} | "
            f"{row['value']:.3f} | {ends} | {row['cases']} | {row['seconds']:.1f} |"
        )


def _scored(name: str, inputs: MemoryInputs) -> pl.DataFrame:
    began = time.process_time()
    outputs = BehaviourStep().run(inputs)
    seconds = time.process_time() - began
    assert isinstance(outputs, Outputs)
    return outputs.tables["behaviour_scores"].with_columns(
        shop=pl.lit(name), seconds=pl.lit(seconds)
    )


def _uci(data: Path) -> MemoryInputs:
    raw = pl.read_parquet(data / "uci_online_retail" / "online_retail.parquet").select(
        order_id="InvoiceNo",
        line_no=pl.int_range(1, pl.len() + 1).over("InvoiceNo"),
        ordered_at=pl.col("InvoiceDate")
        .dt.replace_time_zone("Europe/London")
        .dt.convert_time_zone("UTC"),
        customer_id=pl.col("CustomerID").cast(pl.Int64).cast(pl.String),
        product_id="StockCode",
        quantity="Quantity",
        unit_price_minor=(100 * pl.col("UnitPrice")).round().cast(pl.Int64),
    )
    lines = raw.filter((pl.col("quantity") > 0) & (pl.col("unit_price_minor") >= 0))
    returns = raw.filter((pl.col("quantity") < 0) & pl.col("customer_id").is_not_null()).select(
        return_id=pl.format("{}-{}", "order_id", "line_no"),
        product_id="product_id",
        customer_id="customer_id",
        returned_at="ordered_at",
        quantity=-pl.col("quantity"),
        refund_minor=-pl.col("quantity") * pl.col("unit_price_minor"),
    )
    tables = {"order_lines": lines, "returns": returns}
    return MemoryInputs(on=date(2011, 12, 9), tables=tables, time_zone="Europe/London")


def _cdnow(data: Path) -> MemoryInputs:
    text = (data / "cdnow" / "CDNOW_master.txt").read_text().split()[4:]
    day = pl.Series(text[1::4]).str.to_datetime("%Y%m%d", time_unit="us")
    lines = pl.DataFrame(
        {
            "order_id": [f"o{n}" for n in range(len(day))],
            "line_no": 1,
            "ordered_at": day.dt.replace_time_zone("UTC"),
            "customer_id": text[0::4],
            "product_id": "cd",
            "quantity": 1,
            "unit_price_minor": [round(100 * float(dollars)) for dollars in text[3::4]],
        }
    )
    return MemoryInputs(on=date(1998, 6, 30), tables={"order_lines": lines}, currency="USD")


_SHOPS = {"UCI Online Retail": _uci, "CDNOW": _cdnow}

if __name__ == "__main__":
    main()
