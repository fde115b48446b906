"""The width σ of a Gaussian kernel exp(−‖x − x′‖² / (2σ²)): how far an example reaches."""

from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

KERNEL_WIDTHS = Kind(
    name="kernel_widths",
    singular="kernel width",
    plural="kernel widths",
    symbol="σ",
    unit="σ",
    tip="How far an example reaches initially, in units of the scaled inputs.",
    extent=OverEntries(),
    domains=("log",),
    low=1e-3,
    high=1e6,
    usual=Setting(initial=1.0, granularity="entry", domain="log"),
    missing="expected false, because only kernel ridge has a kernel.",
    parts=("width",),
)
