"""Weight sharing: how several tasks mix their elementary parameters."""

from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

SHARING = Kind(
    name="sharing",
    singular="weight sharing",
    plural="weight sharing",
    symbol="A",
    unit="share",
    tip="How much the tasks share initially: 0 for separate networks, 1 for a single one.",
    extent=OverEntries(),
    domains=("identity",),
    low=-2048.0,
    high=2048.0,
    usual=Setting(initial=0.5, granularity="entry", domain="identity"),
    missing="expected false, because only shared networks share weights.",
)
