"""Every field of an experiment, described once.

The set-up, its tips, the help and the reference are made of these descriptions. Their words are in
``resources/help/fields.toml``; types and ranges come from the experiment's own model, choices and
what is said of a kind of hyperparameter from the catalogues.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

from engine.data.datasets import BUILT_IN
from engine.experiments.changeable import changeable
from engine.experiments.experiment import Experiment
from engine.experiments.help_texts import HelpText, read_texts
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import all_models
from engine.experiments.values import Limits, Values, values_at
from engine.hyperparameters.constraints import CONSTRAINTS
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting

_HYPERPARAMETERS: Final = "hyperparameters."
_ANY_KIND: Final = "hyperparameters.any."
_MAY_CHANGE: Final = "Can be changed during a run."
_CHOICES: Final[dict[str, Callable[[], dict[str, str]]]] = {
    "data.source": lambda: {name: entry.title for name, entry in BUILT_IN.items()},
    "model.kind": lambda: {model: model for model in all_models()},
    "episodes.test_source": lambda: {
        name: entry.title for name, entry in BUILT_IN.items() if entry.kind == "several tasks"
    },
}
"""Of fields whose model leaves them open: their catalogues are made of experiments, or the data may
be in a file.
"""
_UNAVAILABLE: Final[dict[str, Callable[[], dict[str, str]]]] = {
    "meta.optimizer": lambda: {
        name: f"{reason}." for name, one in STRATEGIES.items() if (reason := one.missing)
    },
}
"""Of fields some of whose choices need what may not be installed: why these cannot be chosen."""
_OR_NONE: Final = ("episodes.test_source",)
"""Those of them that may be left empty."""


@dataclass(frozen=True)
class Description:
    """All there is to say of a field.

    Attributes:
        key: its dotted name, "training.iterations".
        label: what people call it, next to the other fields of its table.
        title: what people call it anywhere else.
        tip: what it is, in one line, without its range.
        text: the help: one to four sentences.
        values: what it may hold.
        default: what it holds where an experiment does not say; None for nothing.
        choices: the values to choose from, None among them where there may be none, and what
            people call each; empty if there are more than could be listed.
        unit: stands behind the value.
        empty: what it means that the field is empty.
        formula: in matplotlib's mathtext; empty if words will do.
        paper: where Maclaurin, Duvenaud and Adams (2015) treat it; empty if they do not.
        source: where it comes from, if that is not in `paper`.
        may_change: whether it may change during a run; see `engine.experiments.changeable`.
        unavailable: why some of the choices cannot be chosen here, a sentence each.
    """

    key: str
    label: str
    title: str
    tip: str
    text: str
    values: Values
    default: Any
    choices: Mapping[str | None, str]
    unit: str = ""
    empty: str = ""
    formula: str = ""
    paper: str = ""
    source: str = ""
    may_change: bool = False
    unavailable: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def full_tip(self) -> str:
        """The tip with the range, and with what an empty field means."""
        parts = [self.tip]
        if self.values.range:
            parts.append(f"Range: {self.values.range}.")
        if self.empty and not self.choices:
            parts.append(f"Empty: {self.empty}.")
        if self.may_change:
            parts.append(_MAY_CHANGE)
        return " ".join(parts)

    @property
    def full_text(self) -> str:
        """The help, with whether the field may change during a run."""
        return f"{self.text} {_MAY_CHANGE}" if self.may_change else self.text


Descriptions = Mapping[str, Description]
"""Of every field, by its dotted name."""


def descriptions() -> dict[str, Description]:
    """What there is to say of every field, by its dotted name and in the order of the set-up.

    One of them, "experiment", is no field of an experiment but the choice of one. Kinds of
    hyperparameters are taken from the catalogue each time, so that a new one is described, too.
    """
    written, found = read_texts("fields.toml"), {}
    for key in written:
        if not key.startswith(_HYPERPARAMETERS):
            found[key] = _describe(key, written[key])
        elif key == f"{_ANY_KIND}initial":
            found |= {one.key: one for kind in KINDS.values() for one in _describe_kind(kind)}
    return found


def description_of_choice() -> Description:
    """What there is to say of the choice of an experiment, alone."""
    return _describe("experiment", read_texts("fields.toml")["experiment"])


def field_texts() -> dict[str, HelpText]:
    """The help for each field, by its dotted name."""
    return {
        key: HelpText(what.title, what.full_text, what.formula, what.paper, what.source)
        for key, what in descriptions().items()
    }


def range_of(kind: Kind) -> str:
    """The range of a kind's values, and the narrower one of those domains that have one."""
    is_scale = kind.scales_the_start
    parts = [Limits(0.0 if is_scale else kind.low, kind.high, is_above=is_scale).in_words()]
    names = read_texts("fields.toml")[f"{_ANY_KIND}domain"]["choices"]
    for name in kind.domains:
        domain = DOMAINS[name]
        above, below = domain.low >= kind.low, domain.high <= kind.high
        if above or below:
            narrower = Limits(
                kind.least_positive or domain.low if above else -inf,
                domain.high if below else inf,
                is_above=not kind.least_positive,
                is_below=True,
            )
            parts.append(f"{narrower.in_words()} to be free in the {names[name]}")
    return ", ".join(parts)


def _describe(key: str, words: Mapping[str, Any]) -> Description:
    path = key.split(".")
    values = values_at(Experiment, path) or Values("the name of an experiment")
    if key in _CHOICES:
        values = replace(values, choices=_CHOICES[key]())
    if values.choices:
        labels = words.get("choices", {})
        none: dict[str | None, str] = {None: words["empty"]} if key in _OR_NONE else {}
        choices = {value: labels.get(value, title) for value, title in values.choices.items()}
        words = {**words, "choices": none | choices}
    if key in _UNAVAILABLE:
        words = {**words, "unavailable": _UNAVAILABLE[key]()}
    return _described(key, words, values, _default(path))


def _describe_kind(kind: Kind) -> Iterator[Description]:
    """The fields of one kind: what is said of all kinds, unless it says something itself."""
    written = read_texts("fields.toml")
    names = {"plural": kind.plural, "symbol": kind.symbol}
    names["Plural"] = kind.plural[:1].upper() + kind.plural[1:]
    for field in Setting.model_fields:
        key = f"{_HYPERPARAMETERS}{kind.name}.{field}"
        general = written[_ANY_KIND + field]
        words: dict[str, Any] = {
            name: text.format(**names) if isinstance(text, str) else text
            for name, text in general.items()
        }
        values = values_at(Setting, [field])
        assert values is not None, "a setting holds no tables"
        if field == "initial":
            words |= {"tip": kind.tip, "unit": kind.unit}
            values = replace(values, range=range_of(kind))
            if kind.is_set_by_entry:
                values = replace(values, words="a number", is_list=False)
        if kind.multiplies_the_start:
            words |= written.get(f"{_HYPERPARAMETERS}theta.{field}", {})
        words |= {**written.get(key, {}), "choices": _choices_of(kind, field, general)}
        yield _described(key, words, values, getattr(kind.usual, field))


def _choices_of(kind: Kind, field: str, words: Mapping[str, Any]) -> dict[str | None, str]:
    """What there is to choose in a field of a kind: by the catalogue, in the words for any kind."""
    labels = words.get("choices", {})
    none: dict[str | None, str] = {None: words.get("empty", "")}
    if field == "granularity":
        return {name: labels.get(name, name) for name in kind.granularities}
    if field == "domain":
        return {name: labels[name] for name in kind.domains}
    if field == "constraint":
        return none | {name: labels.get(name, name) for name in kind.constraints}
    if field == "bound" and not any(CONSTRAINTS[name].has_bound for name in kind.constraints):
        return none
    return {}


def _described(key: str, words: Mapping[str, Any], values: Values, default: Any) -> Description:
    words = {"title": words["label"], "choices": values.choices, **words}
    return Description(
        key=key, values=values, default=default, may_change=key in changeable(), **words
    )


def _default(path: list[str]) -> Any:
    """What a field holds in an experiment that does not say; None where it must say."""
    model: Any = Experiment
    for part in path[:-1]:
        model = model.model_fields[part].annotation
    info = model.model_fields.get(path[-1])
    return None if info is None or info.is_required() else info.get_default()
