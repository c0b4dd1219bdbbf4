import json

import polars as pl
import pytest

from cartwheel.core.errors import ConflictError, UnavailableError
from cartwheel.simulate import simulate_shop, write_shop
from cartwheel.tables import table_contract
from unit.simulate.conftest import tiny


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_shop(simulate_shop(tiny(seed=3)), tmp_path / name)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    write_shop(simulate_shop(tiny(seed=4)), tmp_path / "c")
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


def test_big_tables_are_parquet_and_small_ones_csv(shop, tmp_path):
    files = {path.name for path in write_shop(shop, tmp_path / "shop")}
    assert {"events.parquet", "stock_levels.parquet", "products.csv", "suppliers.csv"} <= files
    assert {path.stem for path in (tmp_path / "shop").iterdir()} == {*shop.tables, "truths"}


def test_what_is_written_can_be_read_back(shop, tmp_path):
    for path in write_shop(shop, tmp_path / "shop"):
        contract = table_contract(path.stem)
        if path.suffix == ".csv":
            frame = pl.read_csv(path, infer_schema=False)
            instants = [c for c in frame.columns if contract.schema[c] == pl.Datetime("us", "UTC")]
            days = [c for c in frame.columns if contract.schema[c] == pl.Date]
            flags = [c for c in frame.columns if contract.schema[c] == pl.Boolean]
            frame = frame.with_columns(
                *(pl.col(c).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
                  for c in instants),
                *(pl.col(c).str.to_date() for c in days),
                *(pl.col(c) == "true" for c in flags),
            )  # fmt: skip
        else:
            frame = pl.read_parquet(path)
        assert contract.conform(frame).equals(shop.tables[path.stem]), path.name


def test_truths_come_with_a_readme_that_names_every_column(shop, tmp_path):
    write_shop(shop, tmp_path)
    readme = (tmp_path / "truths" / "README.md").read_text("utf-8")
    for name, frame in shop.truths.items():
        assert f"## {name}.parquet" in readme
        assert all(f"`{column}`" in readme for column in frame.columns)
        assert pl.read_parquet(tmp_path / "truths" / f"{name}.parquet").equals(frame)
    parameters = json.loads((tmp_path / "truths" / "parameters.json").read_text("utf-8"))
    assert (parameters["seed"], parameters["until"]) == (7, "2026-06-30")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(ConflictError, match="is not empty"):
        write_shop(simulate_shop(tiny()), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="cannot be written"):
        write_shop(simulate_shop(tiny()), tmp_path / "file" / "shop")


def test_tables_and_columns_without_a_value_are_left_out(tmp_path):
    shop = simulate_shop(tiny(products=1, customers=1, months=1))
    files = write_shop(shop, tmp_path)
    assert {path.stem for path in files} == {n for n, f in shop.tables.items() if f.height}
    assert "minimum_order_minor" in pl.read_csv(tmp_path / "suppliers.csv").columns
    assert "volume_cm3" in pl.read_csv(tmp_path / "products.csv").columns
