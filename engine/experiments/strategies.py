"""The catalogue of strategies: how hyperparameters follow from meta-iteration to meta-iteration.

What an experiment may choose, and what views need to know of it, is here; the work is done in
`engine.search`, which is loaded by the name that an entry gives.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final, Literal


@dataclass(frozen=True)
class StrategyKind:
    """What there is to say of a strategy.

    Attributes:
        name: what experiments call it.
        title: what people call it.
        made_by: "module:function" that makes a `Strategy` of an experiment's `Meta`; or, of one
            that tries, a `engine.search.trials.Search` of it and of the space to search.
        constants: the fields of `Meta` that it alone uses.
        shows: what its meta-iterations are: steps of a "descent", places of a "sweep", "samples"
            at one place, "updates" within one training run, or "trials" of proposals, of which the
            best is the result. A descent is judged at its end by training once more, and ends where
            training diverges; so is the best trial, but trials leave a gap where training diverges.
            The others leave a gap there or end, and are their own result.
        uses_step: whether it has a step size.
        sees_objective: whether it is told the objective, too, and goes where it wants; else it only
            turns hypergradients into steps.
        method: the only method that goes with it; empty if others do.
        moved_by: the field of `Meta` that names the strategy whose steps it takes, and whose
            constants it uses besides its own; empty if it takes its own.
        packages: what it needs that does not come with the rest, by the name to import.
    """

    name: str
    title: str
    made_by: str
    constants: tuple[str, ...] = ()
    shows: Literal["descent", "sweep", "samples", "updates", "trials"] = "descent"
    uses_step: bool = True
    moved_by: str = ""
    sees_objective: bool = False
    method: str = ""
    packages: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """What one of its meta-iterations is called, as in "point" or "update"."""
        return _UNITS[self.shows]

    @property
    def is_one_run(self) -> bool:
        """Whether all of its meta-iterations are parts of one training run."""
        return self.shows == "updates"

    @property
    def may_stop(self) -> bool:
        """Whether it looks for an optimum in parts that can be stopped early."""
        return self.shows in ("descent", "trials")

    @property
    def tries(self) -> bool:
        """Whether it proposes and compares, and needs no hypergradient."""
        return self.shows == "trials"

    @property
    def has_fewer(self) -> bool:
        """Whether what it tries may run out before there were as many as it is allowed."""
        return self.tries and "grid_points" in self.constants

    @property
    def missing(self) -> str:
        """Why it cannot be had here, as the end of a sentence; "" if it can."""
        absent = [name for name in self.packages if find_spec(name) is None]
        if not absent:
            return ""
        names = " and ".join(_PACKAGES[name] for name in absent)
        others = "".join(f" {name}" for name in absent if name not in _IN_EXTRA)
        return f"{self.title} needs {names}: pip install 'retrograde[search]'{others}"

    @property
    def minimises(self) -> bool:
        """Whether it goes to the minimum of the training loss, by tolerances of its own."""
        return self.sees_objective and bool(self.method)

    @property
    def label_of_count(self) -> str:
        """What people call the number of its meta-iterations, as in "Trials at most"."""
        return f"{self.unit.capitalize()}s{' at most' if self.has_fewer else ''}"

    def constants_with(self, moved_by: str) -> tuple[str, ...]:
        """The fields of `Meta` that it uses, if its steps are those of a strategy of this name."""
        return self.constants + (STRATEGIES[moved_by].constants if self.moved_by else ())

    def place(self, index: int, total: int) -> str:
        """Where a run is, as in "meta-iteration 3 of 50" or "seed 4 of 50"."""
        return f"{self.name_of(min(index, total - self._first))} of {total:,}"

    def name_of(self, index: int) -> str:
        """What one of its meta-iterations is called, as in "meta-iteration 3" or "seed 4".

        Meta-iterations and updates are counted by the steps before them, from 0; the others from 1.
        """
        return f"{self.unit} {index + self._first:,}"

    @property
    def _first(self) -> int:
        """What the first of them is counted as."""
        return 0 if self.shows in ("descent", "updates") else 1

    def most(self, total: int) -> str:
        """How many there are to be, as in "50 meta-iterations" or "at most 50 trials"."""
        return f"{'at most ' if self.has_fewer else ''}{self.amount(total)}"

    def amount(self, count: int, total: int | None = None) -> str:
        """So many of them, as in "3 of 50 meta-iterations"."""
        out_of = "" if total is None else f" of {total:,}"
        plural = "" if (count if total is None else total) == 1 else "s"
        return f"{count:,}{out_of} {self.unit}{plural}"


_UNITS: Final = {
    "descent": "meta-iteration",
    "sweep": "point",
    "samples": "seed",
    "updates": "update",
    "trials": "trial",
}
_PACKAGES: Final = {"optuna": "Optuna", "cmaes": "cmaes", "torch": "PyTorch"}
_IN_EXTRA: Final = ("optuna", "cmaes")
_OF_TRIALS: Final = ("trials_spread", "trials_by", "trials_warm")
_OF_SAMPLERS: Final = (*_OF_TRIALS, "trials_at_once")

STRATEGIES: Final[dict[str, StrategyKind]] = {
    "adam": StrategyKind(
        "adam", "Adam", "engine.search.descent:adam", ("beta1", "beta2", "epsilon", "beta1_decay")
    ),
    "rmsprop": StrategyKind("rmsprop", "RMSprop", "engine.search.descent:rmsprop", ("memory",)),
    "sgd": StrategyKind("sgd", "SGD with momentum", "engine.search.descent:sgd", ("momentum",)),
    "hoag": StrategyKind(
        "hoag",
        "HOAG",
        "engine.search.hoag:hoag",
        ("tolerances", "first_tolerance"),
        uses_step=False,
        sees_objective=True,
        method="implicit-cg",
    ),
    "l-bfgs-b": StrategyKind(
        "l-bfgs-b",
        "L-BFGS-B",
        "engine.search.bounded:bounded_lbfgs",
        uses_step=False,
        sees_objective=True,
    ),
    "sweep": StrategyKind("sweep", "Sweep", "engine.search.sweep:sweep", shows="sweep"),
    "none": StrategyKind(
        "none", "None", "engine.search.sweep:stay", shows="samples", uses_step=False
    ),
    "real-time": StrategyKind(
        "real-time",
        "Real time",
        "engine.search.real_time:mover",
        (
            "update_by",
            "update_every",
            "tangents",
            "objective_batch",
            "random_runs",
            "random_spread",
        ),
        shows="updates",
        moved_by="update_by",
        method="forward",
    ),
    "grid": StrategyKind(
        "grid",
        "Grid",
        "engine.search.grid:grid",
        (*_OF_SAMPLERS, "grid_points"),
        shows="trials",
        uses_step=False,
    ),
    "random": StrategyKind(
        "random",
        "Random search",
        "engine.search.random_search:random_search",
        _OF_SAMPLERS,
        shows="trials",
        uses_step=False,
    ),
    "tpe": StrategyKind(
        "tpe",
        "TPE",
        "engine.search.samplers:tpe",
        _OF_SAMPLERS,
        shows="trials",
        uses_step=False,
        packages=("optuna",),
    ),
    "cma-es": StrategyKind(
        "cma-es",
        "CMA-ES",
        "engine.search.samplers:cma_es",
        _OF_SAMPLERS,
        shows="trials",
        uses_step=False,
        packages=("optuna", "cmaes"),
    ),
    "gp": StrategyKind(
        "gp",
        "Gaussian process",
        "engine.search.samplers:gaussian_process",
        _OF_SAMPLERS,
        shows="trials",
        uses_step=False,
        packages=("optuna", "torch"),
    ),
}

MOVERS: Final = {name: STRATEGIES[name] for name in ("adam", "rmsprop", "sgd")}
"""Those whose steps another strategy can take."""
