"""Files of one table, mapped column by column: the way in for any shop's own exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text
from cartwheel.sources.column_map import TableMap
from cartwheel.sources.completion import complete, has_own_key
from cartwheel.sources.convert import Conventions, convert
from cartwheel.sources.delivery import Delivery, deliver, without_duplicates
from cartwheel.sources.field import Field, kind_of
from cartwheel.sources.source_file import SourceFile, listing
from cartwheel.tables import table_contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came out of files: deliveries, and what a reader of the report should know."""

    deliveries: tuple[Delivery, ...]
    notes: tuple[Text, ...] = ()
    doubts: tuple[Text, ...] = ()


def table_rows(
    sources: Sequence[tuple[SourceFile, TableMap]], *, currency: str, time_zone: str
) -> Found:
    """Read files that all belong to one table.

    A row that repeats another in all columns is merged into it, unless the map keeps duplicates
    or the file has its own key; of rows with the same key the last counts, also across files.

    Raises
    ------
    InputError
        Two files have different columns of the table, or a column cannot be read.
    """
    _require_alike(sources)
    frames, rest, notes, doubts = [], [], [], []
    for source, found in sources:
        converted = convert(source, fields_of(found), _conventions(found, currency, time_zone))
        notes += [*source.notes, *converted.notes]
        doubts += [*converted.doubts, *_unit_doubts(source, found)]
        frame, merged = _deduplicated(source, found, converted.frame)
        frames.append(frame)
        rest.append((source, merged, converted.faults, converted.names))
        del converted, frame  # a long file is several hundred megabytes
    table = sources[0][1].table
    bodies, added = _completed(table, frames, currency)
    del frames
    deliveries = [
        deliver(table, source, bodies.pop(0), unread=unread, merged=merged, names=names)
        for source, merged, unread, names in rest
    ]
    return Found(
        deliveries=_last_file_wins(deliveries), notes=(*notes, *added), doubts=tuple(doubts)
    )


def _completed(
    table: str, frames: list[pl.DataFrame], currency: str
) -> tuple[list[pl.DataFrame], tuple[Text, ...]]:
    """Add what follows from the rows of all files together, and part them again."""
    if len(frames) == 1:
        body, notes = complete(table, frames.pop(), currency)
        return [body], notes
    tagged = [f.with_columns(file=pl.lit(i, pl.Int32)) for i, f in enumerate(frames)]
    whole, notes = complete(table, pl.concat(tagged, how="diagonal"), currency)
    return [whole.filter(pl.col("file") == i).drop("file") for i in range(len(frames))], notes


def fields_of(found: TableMap) -> list[Field]:
    """Return what is to be read from a file by a map."""
    contract = table_contract(found.table)
    return [
        Field(
            name=name,
            source=source,
            kind=kind_of(contract.columns[name], contract),
            unit=contract.columns[name].unit,
            given=found.units.get(name),
            allowed=contract.columns[name].allowed,
            words=found.values.get(name, {}),
            is_required=contract.columns[name].is_required,
        )
        for name, source in found.columns.items()
    ]


def _conventions(found: TableMap, currency: str, time_zone: str) -> Conventions:
    return Conventions(
        currency=found.currency or currency,
        time_zone=found.time_zone or time_zone,
        decimal=found.decimal,
        date_order=found.date_order,
    )


def _deduplicated(
    source: SourceFile, found: TableMap, frame: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    key = table_contract(found.table).key
    if found.keep_duplicates or has_own_key(key, found.columns):
        return frame, 0
    is_first, merged = without_duplicates(source)
    return (frame.filter(is_first) if merged else frame), merged


def _require_alike(sources: Sequence[tuple[SourceFile, TableMap]]) -> None:
    (first, model), *others = sources
    for source, found in others:
        lost = sorted(set(model.columns) - set(found.columns))
        more = sorted(set(found.columns) - set(model.columns))
        if lost or more:
            told = [f"{source.name} lacks {listing(lost)}"] if lost else []
            told += [f"{first.name} lacks {listing(more)}"] if more else []
            raise InputError(
                f"{first.name} and {source.name} are both {model.table} but disagree on columns: "
                f"{'; '.join(told)}. Import them one by one, or say in a map file which columns "
                "these are.",
                files=[first.name, source.name],
                table=model.table,
            )


def _unit_doubts(source: SourceFile, found: TableMap) -> list[Text]:
    contract = table_contract(found.table)
    return [
        Text(
            f'{source.name}, "{column}": no unit is stated; {contract.columns[name].unit} was '
            f'taken. If that is wrong, say [{found.table}.units] {name} = "kg" or the like.',
            f"{source.name}「{column}」：未注明单位，已按 {contract.columns[name].unit} 处理；"
            f'如有误，请在映射文件中写明，例如 [{found.table}.units] {name} = "kg"。',
        )
        for name, column in found.columns.items()
        if contract.columns[name].unit in ("g", "cm³") and name not in found.units
        and not source.frame[column].cast(pl.String, strict=False).str.contains(r"\p{L}").any()
    ]  # fmt: skip


def _last_file_wins(deliveries: list[Delivery]) -> tuple[Delivery, ...]:
    """Take rows out of earlier files whose key comes again in a later one; they are merged."""
    kept: list[Delivery] = []
    later: pl.DataFrame | None = None
    for delivery in reversed(deliveries):
        key = list(table_contract(delivery.table).key)
        frame = delivery.frame
        if later is not None:
            frame = frame.join(later, on=key, how="anti", maintain_order="left")
        lost = delivery.frame.height - frame.height
        kept.append(replace(delivery, frame=frame, merged=delivery.merged + lost))
        own = frame.select(key)
        later = own if later is None else pl.concat([later, own])
    return tuple(reversed(kept))
