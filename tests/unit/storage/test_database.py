"""The database: durable, waiting instead of failing, and errors that people understand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from cartwheel.core.errors import DiskFullError, UnavailableError
from cartwheel.storage.database import open_database


def test_it_is_durable_and_keeps_foreign_keys(tmp_path: Path) -> None:
    with open_database(tmp_path / "records.db").connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path / "records.db")
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (note TEXT)")
    with pytest.raises(RuntimeError), database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES ('lost')")
        raise RuntimeError
    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0


def test_who_reads_and_then_writes_waits_for_the_other_instead_of_failing(tmp_path: Path) -> None:
    database = open_database(tmp_path / "records.db")
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counts (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO counts VALUES (0)")

    def count() -> None:
        for _ in range(20):
            with database.begin() as connection:
                n = connection.exec_driver_sql("SELECT n FROM counts").scalar_one()
                connection.execute(sa.text("UPDATE counts SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count) for _ in range(4)]:
            done.result()
    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM counts").scalar() == 80


def test_a_full_disk_says_so_and_writes_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path / "records.db")
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (note TEXT)")
    with pytest.raises(DiskFullError, match="disk is full"), database.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.execute(sa.text("INSERT INTO notes VALUES (:note)"), {"note": "x" * 10**6})
    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.db").mkdir()
    with pytest.raises(UnavailableError, match=r"records\.db"):
        open_database(tmp_path / "records.db")
