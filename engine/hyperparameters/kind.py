"""What there is to say of a kind of hyperparameter, and what is wrong with a setting of one."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.constraints import CONSTRAINTS
from engine.hyperparameters.domains import DOMAINS, Domain
from engine.hyperparameters.extents import Enters, Extent
from engine.hyperparameters.settings import Setting
from engine.sentences import quoted


@dataclass(frozen=True)
class Kind:
    """A kind of hyperparameter.

    Attributes:
        name: what experiments call it.
        singular, plural: what people call one, and several.
        symbol: what formulas and labels call it.
        unit: what stands behind its number, in a word or a symbol.
        tip: what its initial value is; one line, to which the range is added.
        extent: what its values extend over.
        domains: the domains it can move in.
        low, high: the closed range that its values stay in.
        scales_the_start: whether one number that an experiment gives is the scale of a random
            start, and not one of the values; then it is more than 0.
        multiplies_the_start: whether that number multiplies a start which the task alone knows, and
            says whether it is in range.
        least_positive: the least value above 0 that training tells from 0; in domains that are open
            at 0 it is the least that there is. 0 if there is none.
        usual: how it is set where an experiment does not say.
        constraints: those it can be kept in; names in `CONSTRAINTS`.
        neutral: the value at which it makes no difference, so that training does without it while
            it is fixed there; None if there is no such value.
        parts: what its values are called, one after the other, where there are few of them.
        missing: why it cannot be free where a run does not have it: a sentence.
    """

    name: str
    singular: str
    plural: str
    symbol: str
    unit: str
    tip: str
    extent: Extent
    domains: tuple[Domain, ...]
    low: float
    high: float
    usual: Setting
    constraints: tuple[str, ...] = ()
    scales_the_start: bool = False
    multiplies_the_start: bool = False
    least_positive: float = 0.0
    neutral: float | None = None
    parts: tuple[str, ...] = ()
    missing: str = "expected false, because nothing in this training depends on it."

    @property
    def enters(self) -> Enters:
        """Where in training it comes in."""
        return self.extent.enters

    @property
    def granularities(self) -> tuple[str, ...]:
        """How finely it can be set."""
        return self.extent.granularities

    @property
    def is_set_by_entry(self) -> bool:
        """Whether the task says where it starts, given one number."""
        return self.granularities == ("entry",)

    def is_open_below(self, domain: Domain) -> bool:
        """Whether its least value cannot be reached in a domain."""
        return DOMAINS[domain].low >= self.low

    def limits(self, domain: Domain) -> tuple[float, float]:
        """The least and the greatest value that it may have in a domain."""
        transform = DOMAINS[domain]
        least = self.least_positive if self.is_open_below(domain) else self.low
        return (
            max(least, float(np.nextafter(transform.low, np.inf))),
            min(self.high, float(np.nextafter(transform.high, -np.inf))),
        )

    def problems(self, setting: Setting, typed: str = "") -> dict[str, str]:
        """What is wrong with a setting, whatever the model is.

        Args:
            setting: what is set.
            typed: the initial value as somebody typed it, if somebody did.

        Returns:
            A sentence for the first wrong field, by the field's dotted name; or nothing.
        """
        prefix = f"hyperparameters.{self.name}"
        for name, allowed in (("granularity", self.granularities), ("domain", self.domains)):
            if (found := getattr(setting, name)) not in allowed:
                expected = f"expected one of {', '.join(allowed)}, found {found!r}."
                return {f"{prefix}.{name}": expected}
        for name, check in (
            ("constraint", self._of_constraint),
            ("bound", _of_bound),
            ("initial", partial(self._of_initial, typed=typed)),
        ):
            if sentence := check(setting):
                return {f"{prefix}.{name}": sentence}
        return {}

    def _of_constraint(self, setting: Setting) -> str:
        name = setting.constraint
        if name is None:
            return ""
        if name not in self.constraints:
            allowed = f"one of {', '.join(self.constraints)}" if self.constraints else "none"
            return f"expected {allowed}, found {name!r}."
        if setting.domain != "identity":
            return "expected none, because only values in the identity domain can be projected."
        return ""

    def _of_initial(self, setting: Setting, typed: str) -> str:
        if self.multiplies_the_start and isinstance(setting.initial, float | int):
            return ""
        try:
            initial: Floats = np.array(setting.initial, dtype=np.float64)
        except ValueError:
            return "expected rows of the same length."
        if self.scales_the_start and not initial.ndim and not 0 < initial <= self.high:
            return f"expected more than 0 and at most {self.high:g}{_found(initial, typed)}."
        if not np.all((initial >= self.low) & (initial <= self.high)):
            return f"expected {self.low:g} to {self.high:g}{_found(initial, typed)}."
        domain, (least, greatest) = DOMAINS[setting.domain], self.limits(setting.domain)
        if setting.free and not np.all((initial >= least) & (initial <= greatest)):
            limits = f"at least {least:g}" if self.least_positive else f"more than {domain.low:g}"
            if np.isfinite(domain.high):
                limits += f" and less than {domain.high:g}"
            to_be_free = f"to be free in the {setting.domain} domain"
            return f"expected {limits} {to_be_free}{_found(initial, typed)}."
        return ""


def _found(initial: Floats, typed: str) -> str:
    """The end of a sentence that names what was found, if that is one number."""
    if initial.ndim:
        return ""
    return f", found {quoted(typed) if typed else f'{initial:.15g}'}"


def _of_bound(setting: Setting) -> str:
    needed = setting.constraint is not None and CONSTRAINTS[setting.constraint].has_bound
    if needed and setting.bound is None:
        return f"expected a number, because of the constraint {setting.constraint!r}."
    if not needed and setting.bound is not None:
        return "expected none, because no constraint has a bound."
    return ""
