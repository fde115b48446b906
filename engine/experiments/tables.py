"""What the tables of an experiment have in common."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of an experiment: it never changes, and has no other fields than it says."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=False)
