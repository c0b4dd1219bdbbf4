"""What stages want done. The loop keeps, approves, applies and measures it."""

from cartwheel.tables.contract import Day, Instant, Table, column, contract

PROPOSAL_KINDS = ["reorder", "transfer", "markdown", "campaign", "alert"]

MONEY_KPIS = ["revenue", "gross_margin"]  # their effect is in minor units, that of others in units


@contract(
    "proposal_drafts", key=("fingerprint",), area="proposals", title=("Proposal drafts", "提案草稿")
)
class ProposalDrafts(Table):
    """A proposal as a stage writes it; the loop adds id, turn, status and history."""

    kind: str = column("what is to be done", isin=PROPOSAL_KINDS)
    subject: str = column('what it is about, as "product_id@warehouse_id" or the like')
    payload: str = column("what to do exactly, as JSON of the kind's form")
    reason: str = column("one sentence a manager understands, in English")
    reason_zh: str = column("the same in simplified Chinese")
    kpi: str = column("key figure it is to move, by its name in the monitor stage")
    effect: float = column("expected effect on the key figure, in its unit")
    effect_low: float = column("lower end of the 90 % interval")
    effect_high: float = column("upper end of the 90 % interval")
    cost_minor: int = column("money it binds or costs", unit="minor", ge=0)
    currency: str = column("ISO 4217 code")
    confidence: float = column("probability that the effect is above zero", ge=0, le=1)
    valid_until: Day = column("last day on which it makes sense")
    method: str = column("method that proposes it")
    method_version: str = column("version of the method")
    fingerprint: str = column("hash of the kind, subject and inputs; never proposed twice")


PROPOSAL_STATUSES = ["proposed", "approved", "rejected", "expired", "applied", "failed", "measured"]


@contract("proposals", key=("proposal_id",), area="proposals", title=("Proposals", "提案"))
class Proposals(ProposalDrafts):
    """A proposal with its state, as the loop keeps it in the database."""

    proposal_id: str = column("key of the proposal")
    turn_id: str = column("turn that proposed it")
    stage: str = column("stage that proposed it")
    proposed_on: Day = column("the turn's day")
    status: str = column("state", isin=PROPOSAL_STATUSES)
    decided_by: str = column("person or rule that decided", optional=True)
    decided_at: Instant = column("when", optional=True)
    note: str = column("remark of the decision, or why it failed or expired", optional=True)
