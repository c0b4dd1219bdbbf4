import json

import pytest
import typer
from typer.testing import CliRunner

from cartwheel.cli.simulating import simulate
from cartwheel.core.errors import InputError

SMALL = ["--products", "10", "--customers", "40", "--months", "1", "--suppliers", "3"]


def run(*arguments):
    app = typer.Typer()
    app.command()(simulate)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_writes_a_shop_and_says_where(tmp_path):
    result = run(tmp_path / "shop", *SMALL)
    assert result.exit_code == 0
    assert "order_lines.csv" in result.stdout
    assert (tmp_path / "shop" / "truths" / "README.md").exists()


def test_json_tells_the_rows_of_each_file(tmp_path):
    result = run(tmp_path / "shop", *SMALL, "--until", "2025-12-31", "--json")
    told = json.loads(result.stdout)
    assert told["rows"]["products.csv"] == 10
    assert {path.name for path in (tmp_path / "shop").iterdir()} == {*told["rows"], "truths"}


@pytest.mark.parametrize(
    ("option", "value"), [("--products", "0"), ("--until", "yesterday"), ("--warehouses", "99")]
)
def test_a_wrong_option_is_refused_and_nothing_written(tmp_path, option, value):
    result = run(tmp_path / "shop", option, value)
    assert isinstance(result.exception, InputError)
    assert not (tmp_path / "shop").exists()
