"""The settings of a shop, as ``cartwheel.toml`` holds them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from cartwheel.core.errors import InputError, did_you_mean
from cartwheel.core.money import exponent
from cartwheel.core.time import zone
from cartwheel.core.wording import Language
from cartwheel.tables.proposals import PROPOSAL_KINDS


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopSettings(_Section):
    """Who the shop is."""

    name: str = "My shop"
    currency: str = "EUR"
    time_zone: str = "UTC"
    language: Language = "en"

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, value: str) -> str:
        exponent(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        zone(value)
        return value


class TurnSettings(_Section):
    """How the wheel turns."""

    engine: Literal["duckdb", "spark"] = "duckdb"
    seed: int = 0
    keep_days: int = Field(default=30, ge=1)  # how long old versions of tables can be looked up


class ApprovalRule(_Section):
    """Approves a proposal without a person: all conditions must hold."""

    kind: str
    limit: Decimal = Field(ge=0)  # greatest cost of one proposal, in major units of the currency
    confidence: float = Field(default=0.9, ge=0, le=1)  # least confidence

    @field_validator("kind")
    @classmethod
    def _is_kind(cls, value: str) -> str:
        if value not in PROPOSAL_KINDS:
            raise ValueError(f'unknown kind "{value}".{did_you_mean(value, PROPOSAL_KINDS)}')
        return value


class Settings(_Section):
    """Everything in ``cartwheel.toml`` but its format version."""

    shop: ShopSettings = ShopSettings()
    turn: TurnSettings = TurnSettings()
    approve: tuple[ApprovalRule, ...] = ()
    stages: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)


def read_settings(found: Mapping[str, object], where: str) -> Settings:
    """Check the settings read from ``where``.

    Raises
    ------
    InputError
        All problems together, each with its place and the nearest right name.
    """
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        problems = "; ".join(_problem(problem) for problem in error.errors())
        raise InputError(f"{where}: {problems}") from error
    except InputError as error:
        raise InputError(f"{where}: {error.message}") from error


def _problem(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        model: type[BaseModel] = Settings
        for part in problem["loc"][:-1]:
            field = model.model_fields.get(str(part))
            if field is None or not isinstance(field.annotation, type):
                break
            model = field.annotation
        return f'"{place}" is unknown.{did_you_mean(str(problem["loc"][-1]), model.model_fields)}'
    return f'"{place}": {problem["msg"]} (found {problem["input"]!r})'


def settings_text(shop: ShopSettings, format_version: int) -> str:
    """Return a ``cartwheel.toml`` for a new shop, with its choices explained."""
    return f"""\
format = {format_version}

[shop]
name = {_quoted(shop.name)}
currency = "{shop.currency}"      # ISO 4217
time_zone = "{shop.time_zone}"  # IANA; days are cut here
language = "{shop.language}"       # en or zh

[turn]
engine = "duckdb"   # or "spark", with the extra of that name
keep_days = 30      # how long old versions of tables can be looked up

# Approve without a person what is cheap and sure. Without a rule, people approve everything.
# [[approve]]
# kind = "reorder"
# limit = 200.00      # greatest cost of one proposal
# confidence = 0.9    # least confidence

# Settings of the stages go under [stages.<stage>], such as a budget of a turn's orders. Names that
# end in _minor are in the smallest unit of the currency: 5000000 cents are 50,000.00.
# [stages.inventory]
# budget_minor = 5000000
"""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
