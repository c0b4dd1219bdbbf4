"""What the loop records of its turns."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract


@contract("turns", key=("turn_id",), area="loop", title=("Turns", "运行记录"))
class Turns(Table):
    """One turn of the wheel."""

    turn_id: str = column("key of the turn")
    on_day: Day = column("last day that was known to the turn")
    started_at: Instant = column("when it began, by the machine's clock")
    seconds: float = column("how long it took", unit="s", ge=0)
    status: str = column("how it ended", isin=["done", "failed"])
    engine: str = column("duckdb or spark")
    settings: str = column("settings of the turn, as JSON")
    inputs: str = column("version of each input table, as JSON")


@contract("turn_steps", key=("turn_id", "step"), area="loop", title=("Turn steps", "运行步骤"))
class TurnSteps(Table):
    """One step of a turn."""

    turn_id: str = column("turn")
    step: str = column("stage")
    position: int = column("place in the order the steps ran, from 1", ge=1)
    status: str = column("how it ended", isin=["done", "skipped", "failed"])
    reason: str = column("why it was skipped or failed, in English", optional=True)
    reason_zh: str = column("the same in simplified Chinese", optional=True)
    seconds: float = column("how long it took", unit="s", ge=0)
    rows_in: int = column("rows of its input tables", ge=0)
    rows_out: int = column("rows it wrote", ge=0)
    proposals: int = column("proposals it made that were new", ge=0)
    peak_mb: float = column("highest memory of the process up to its end", unit="MB", ge=0)
    notes: str = column("what it says about itself, as JSON [{en, zh}]", optional=True)
