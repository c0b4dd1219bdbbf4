"""The book of proposals: what was proposed, who decided what, and when.

A fingerprint is entered once. A newer proposal of the same kind and subject replaces one that
nobody decided; one that was approved and not carried out yet holds newer ones back, so that
nothing is bought twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl
import sqlalchemy as sa

from cartwheel.core.errors import ConflictError, NotFoundError, did_you_mean
from cartwheel.core.ids import content_id
from cartwheel.loop.records import as_frame, proposal_events, proposals
from cartwheel.tables import table_contract
from cartwheel.tables.proposals import MONEY_KPIS

_SUBJECT = ["kind", "subject"]


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a step's drafts."""

    added: int  # new in the book
    known: int  # already there by their fingerprint
    held_back: int  # an approved one for the same subject waits to be carried out
    replaced: int  # undecided ones that the step does not propose any more


class ProposalBook:
    """Proposals in the database."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def enter(
        self, drafts: pl.DataFrame, *, stage: str, turn_id: str, on: date, at: datetime
    ) -> Entered:
        """Enter what a step proposes; it is the step's whole list for this turn.

        Undecided proposals of the stage that are not in ``drafts`` any more expire. One that
        expired and comes back with the same fingerprint is proposed again, not entered twice; it
        is then valid as long as the newest draft says.
        """
        with self._database.begin() as connection:
            stored = _stored(connection, stage)
            open_ = stored.filter(pl.col("status") == "proposed")
            approved = stored.filter(pl.col("status") == "approved")
            known = drafts.join(stored, on="fingerprint", how="semi")
            unknown = drafts.join(stored, on="fingerprint", how="anti")
            new = unknown.join(approved, on=_SUBJECT, how="anti")
            gone = open_.join(drafts, on="fingerprint", how="anti")
            back = (
                stored.filter(pl.col("status") == "expired")
                .join(drafts, on="fingerprint", how="semi")
                .join(approved, on=_SUBJECT, how="anti")
            )
            withdrawn = Change(
                before="proposed", after="expired", at=at, by=stage, note="withdrawn"
            )
            renewed = Change(before="expired", after="proposed", at=at, by=stage, note="renewed")
            move(connection, gone["proposal_id"], withdrawn)
            move(connection, back["proposal_id"], renewed)
            _prolong(connection, drafts)
            _insert(connection, new, stage=stage, turn_id=turn_id, on=on, at=at)
        return Entered(new.height, known.height, unknown.height - new.height, gone.height)

    def expire(self, on: date, at: datetime) -> int:
        """Close what was proposed or approved and does not make sense after day ``on``."""
        with self._database.begin() as connection:
            moved = 0
            for status in ("proposed", "approved"):
                late = sa.select(proposals.c.proposal_id).where(
                    proposals.c.status == status, proposals.c.valid_until < on
                )
                ids = connection.execute(late).scalars().all()
                past = Change(before=status, after="expired", at=at, by="loop", note="too late")
                moved += move(connection, ids, past)
        return moved

    def find(
        self,
        *,
        kind: str | None = None,
        statuses: Sequence[str] = (),
        ids: Sequence[str] = (),
    ) -> pl.DataFrame:
        """Return proposals, the most valuable first, those in money before others, ties by id."""
        in_money = proposals.c.kpi.in_(MONEY_KPIS)
        query = sa.select(proposals).order_by(
            in_money.desc(), proposals.c.effect.desc(), proposals.c.proposal_id
        )
        if kind is not None:
            query = query.where(proposals.c.kind == kind)
        if statuses:
            query = query.where(proposals.c.status.in_(statuses))
        with self._database.connect() as connection:
            found = as_frame("proposals", list(connection.execute(query).all()))
        return found.filter(pl.col("proposal_id").is_in(list(ids))) if ids else found

    def get(self, ids: Sequence[str]) -> pl.DataFrame:
        """Return the proposals named; an unknown id is an error with the nearest one."""
        everything = self.find()
        known = everything["proposal_id"].to_list()
        for unknown in sorted(set(ids) - set(known)):
            hint = did_you_mean(unknown, known)
            raise NotFoundError(f'There is no proposal "{unknown}".{hint}', proposal_id=unknown)
        return everything.filter(pl.col("proposal_id").is_in(list(ids)))

    def decide(
        self, ids: Sequence[str], status: str, *, by: str, at: datetime, note: str | None = None
    ) -> int:
        """Approve or reject proposals; all of them, or none.

        Deciding the same way again changes nothing.

        Raises
        ------
        ConflictError
            One of them was decided otherwise, has expired or was carried out.
        """
        found = self.get(ids)
        waiting = found.filter(pl.col("status") == "proposed")
        others = found.filter(~pl.col("status").is_in(["proposed", status]))
        if others.height:
            row = others.row(0, named=True)
            raise ConflictError(
                f"Proposal {row['proposal_id']} is {row['status']}; only a proposed one can be "
                f"{status}. Nothing was changed.",
                proposal_id=row["proposal_id"],
                status=row["status"],
            )
        with self._database.begin() as connection:
            change = Change(before="proposed", after=status, at=at, by=by, note=note)
            moved = move(connection, waiting["proposal_id"], change)
            if moved != waiting.height:
                raise ConflictError("Somebody else decided meanwhile. Nothing was changed.")
        return moved

    def history(self, proposal_id: str) -> list[dict[str, object]]:
        """Return every change of a proposal, oldest first."""
        query = (
            sa.select(proposal_events)
            .where(proposal_events.c.proposal_id == proposal_id)
            .order_by(proposal_events.c.event_no)
        )
        with self._database.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _prolong(connection: sa.Connection, drafts: pl.DataFrame) -> None:
    """Let what is proposed again from the same inputs be valid as long as the newest draft."""
    if drafts.is_empty():
        return
    update = (
        proposals.update()
        .where(proposals.c.fingerprint == sa.bindparam("known"), proposals.c.status == "proposed")
        .values(valid_until=sa.bindparam("until"))
    )
    rows = drafts.select(known="fingerprint", until="valid_until").to_dicts()
    connection.execute(update, rows)


def _stored(connection: sa.Connection, stage: str) -> pl.DataFrame:
    names = ["proposal_id", "fingerprint", "kind", "subject", "status"]
    query = sa.select(*(proposals.c[name] for name in names)).where(proposals.c.stage == stage)
    rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _insert(
    connection: sa.Connection,
    drafts: pl.DataFrame,
    *,
    stage: str,
    turn_id: str,
    on: date,
    at: datetime,
) -> None:
    if drafts.is_empty():
        return
    ids = [content_id("pr", fingerprint) for fingerprint in drafts["fingerprint"]]
    rows = table_contract("proposals").conform(
        drafts.with_columns(
            pl.Series("proposal_id", ids),
            turn_id=pl.lit(turn_id),
            stage=pl.lit(stage),
            proposed_on=pl.lit(on),
            status=pl.lit("proposed"),
        )
    )
    connection.execute(proposals.insert(), rows.to_dicts())
    _record(connection, ids, Change(before=None, after="proposed", at=at, by=stage))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A step in the life of proposals: from which status to which, when, by whom and why."""

    before: str | None
    after: str
    at: datetime
    by: str
    note: str | None = None


def move(connection: sa.Connection, ids: Iterable[str], change: Change) -> int:
    """Make ``change`` in the caller's transaction; return how many still had the status before."""
    listed = list(ids)
    if not listed:
        return 0
    update = (
        proposals.update()
        .where(proposals.c.proposal_id == sa.bindparam("id"), proposals.c.status == change.before)
        .values(
            status=change.after, decided_by=change.by, decided_at=naive(change.at), note=change.note
        )
    )
    moved = connection.execute(update, [{"id": one} for one in listed]).rowcount
    _record(connection, listed, change)
    return moved


def _record(connection: sa.Connection, ids: Sequence[str], change: Change) -> None:
    event = {
        "happened_at": naive(change.at),
        "from_status": change.before,
        "to_status": change.after,
        "actor": change.by,
        "note": change.note,
    }
    connection.execute(proposal_events.insert(), [{"proposal_id": one, **event} for one in ids])


def naive(at: datetime) -> datetime:
    """Return an instant in UTC without its zone, as the database keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None)
