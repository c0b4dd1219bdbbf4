"""What the import records: every row of every file is accepted, merged or quarantined."""

from cartwheel.tables.contract import Instant, Table, column, contract


@contract("imports", key=("import_id", "table"), area="intake", title=("Imports", "导入记录"))
class Imports(Table):
    """What became of one file's rows in one table; rows_in = accepted + merged + quarantined."""

    import_id: str = column("hash of the file, the format and the map")
    table: str = column("table the rows went to")
    file: str = column("name of the file, without its folder")
    imported_at: Instant = column("when")
    rows_in: int = column("rows of the file meant for the table", ge=0)
    rows_accepted: int = column("rows that are in the table now because of this file", ge=0)
    rows_merged: int = column("rows that repeat or update another row by its key", ge=0)
    rows_quarantined: int = column("rows set aside", ge=0)


@contract(
    "quarantine", key=("import_id", "table", "file", "line", "field"), area="intake",
    title=("Quarantine", "隔离区"),
)  # fmt: skip
class Quarantine(Table):
    """A row that broke its contract, as it stood in the file."""

    import_id: str = column("import that met it")
    table: str = column("table it was meant for")
    file: str = column("name of the file, without its folder")
    line: int = column("line in the file, the heading being line 1", ge=1)
    field: str = column("column that broke the rule, by the name in the file")
    value: str = column("value found", optional=True)
    reason: str = column("rule it broke, in English")
    reason_zh: str = column("the same in simplified Chinese", optional=True)
    row: str = column("the whole row as JSON", optional=True)
