"""Hyperparameters from a file as what an experiment starts from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.data.readers.contents import opened
from engine.data.readers.npz import read_npz_arrays
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import to_toml
from engine.experiments.problems import kinds_of, validate
from engine.experiments.toml_texts import MAX_BYTES
from engine.files import with_ending
from engine.groups import ParameterGroup
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.schedules import limits_in_words
from engine.hyperparameters.settings import Setting
from engine.output.hyperparameter_tables import MOST_BYTES, Row, filled, rows_of
from engine.output.hyperparameters import ENDINGS
from engine.runs.layouts import make_layout, starts_of
from engine.sentences import listed, shown
from engine.tasks.catalogue import make_task
from engine.tasks.task import Task

_OF_A_RUN: Final = ("initial.", "final.", "meta_iterations.")
"""What keys begin with in the ``hyperparameters.npz`` of a run's folder."""
_MEANT: Final = "final."
_DIGITS: Final = 17  # that tell any two numbers apart


@dataclass(frozen=True)
class Imported:
    """What became of a file.

    Attributes:
        experiment: that starts from its hyperparameters.
        kinds: those that were in it.
        notes: what is set more finely now, a sentence each.
    """

    experiment: Experiment
    kinds: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """Values of a kind at full shape, and how a message calls the place of each."""

    values: Floats
    origin: Callable[[tuple[int, ...]], str]


def with_hyperparameters(experiment: Experiment, path: Path | str) -> Experiment:
    """The experiment that starts from the hyperparameters in a file.

    Kinds that are not in the file stay as they are. What is free stays so; where values differ that
    the experiment sets together, they are set more finely.

    Args:
        experiment: which one; its data are loaded, because shapes depend on them.
        path: a CSV or NPZ file that `write_hyperparameters` wrote, or one like it; or the
            ``hyperparameters.npz`` in the folder of a run, of which the final ones are taken.

    Raises:
        InputError: the file cannot be read, or does not fit the experiment: it names the file, and
            the line or the array.
    """
    return read_hyperparameters(experiment, path).experiment


def read_hyperparameters(experiment: Experiment, path: Path | str) -> Imported:
    """The same, with what there is to say of it; see `with_hyperparameters`."""
    path = with_ending(path, ENDINGS)
    read = _read_npz(path) if path.suffix.lower() == ".npz" else _read_csv(path)
    task = make_task(experiment)
    layout = make_layout(experiment, task)
    own = layout.own_values(layout.initial_vector())
    _check_kinds(experiment, path, read)
    tables, notes = experiment.model_dump(exclude_none=True), []
    for kind, given in read.items():
        setting = experiment.hyperparameters[kind]
        found = (
            _shaped(path, kind, given, own[kind].shape, setting, layout.iterations, task.groups)
            if isinstance(given, np.ndarray)
            else _filled(path, given, own[kind].shape, setting, layout.iterations, task.groups)
        )
        _check_range(kind, found, setting)
        changed = _own_setting(kind, found.values, setting, own[kind].shape, task.groups)
        if KINDS[kind].is_set_by_entry:
            changed["initial"] = _as_number(task, experiment, kind, found.values, changed)
        if changed["granularity"] != setting.granularity:
            plural = KINDS[kind].plural
            notes.append(
                f"{plural[:1].upper()}{plural[1:]} are set by {changed['granularity']} now: in "
                f"{path.name} they differ."
            )
        tables["hyperparameters"][kind] |= changed
    try:
        made = validate(tables)
        make_layout(made, task)
    except InputError as error:
        raise error.inside(path.name) from None
    if (size := len(to_toml(made).encode())) > MAX_BYTES:
        expected = f"expected hyperparameters that fit into an experiment of {MAX_BYTES:,} bytes"
        raise InputError(path.name, f"{expected}, found {size:,}.")
    return Imported(made, tuple(read), tuple(notes))


def _as_number(
    task: Task, experiment: Experiment, kind: str, values: Floats, changed: Mapping[str, Any]
) -> Any:
    """One number in place of entries, if the task makes these entries of it."""
    settings, number = experiment.hyperparameters.root, float(values.ravel()[0])
    single = settings[kind].model_copy(update={"initial": number})
    made = starts_of(task, {**settings, kind: single})[kind]
    return number if _is_same(made, values) else changed["initial"]


def _check_kinds(experiment: Experiment, path: Path, read: Mapping[str, Any]) -> None:
    there = kinds_of(experiment)
    if not read:
        raise InputError(path.name, "expected hyperparameters, found none.")
    for kind in read:
        if kind not in there:
            expected = f"expected only hyperparameters that this training has ({listed(there)})"
            raise InputError(path.name, f"{expected}, found {kind}.")


def _read_npz(path: Path) -> dict[str, Floats]:
    with opened(path) as contents:
        arrays = read_npz_arrays(path, contents, MOST_BYTES)
    if any(name.startswith(_OF_A_RUN) for name in arrays):
        arrays = {
            name.removeprefix(_MEANT): one
            for name, one in arrays.items()
            if name.startswith(_MEANT) and one.values.size
        }
    found = {}
    for name, data in arrays.items():
        if name not in KINDS:
            raise InputError(
                f"{path.name}, array {name!r}", f"expected the name of one of {', '.join(KINDS)}."
            )
        if data.values.dtype.kind not in "fiu" or data.values.dtype.itemsize > 8:
            expected = "expected numbers of at most double precision"
            raise InputError(data.origin, f"{expected}, found {shown(str(data.values.dtype))}.")
        found[name] = np.asarray(data.values, np.float64)
    return {kind: found[kind] for kind in KINDS if kind in found}


def _read_csv(path: Path) -> dict[str, list[Row]]:
    with opened(path) as contents:
        content = contents.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(path.name, f"expected at most {MOST_BYTES:,} bytes, found more.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(path.name, "expected UTF-8 text.") from None
    rows: dict[str, list[Row]] = {}
    for row in rows_of(path, text):
        rows.setdefault(row.kind, []).append(row)
    return {kind: rows[kind] for kind in KINDS if kind in rows}


def _filled(
    path: Path,
    rows: list[Row],
    own: tuple[int, ...],
    setting: Setting,
    iterations: int,
    groups: tuple[ParameterGroup, ...],
) -> _Found:
    """Values at full shape from the rows of a CSV file."""
    kind, names = rows[0].kind, [group.name for group in groups]
    axes: tuple[str, ...] = ("entry",) * len(own)
    shape = own
    if KINDS[kind].enters == "schedule":
        axes, shape = ("iteration", "group"), (iterations, len(groups))
    elif KINDS[kind].enters == "start" or any(row.group for row in rows):
        axes, shape = ("group",), (len(groups),)
    elif setting.granularity in ("one", "group") and any(row.entry for row in rows):
        shape = _by_entry(kind, rows, iterations, groups)
    values, lines = filled(path, rows, shape, axes, names)
    return _Found(values, lambda place: f"{path.name}, line {lines[place]:,}")


def _by_entry(
    kind: str, rows: list[Row], iterations: int, groups: tuple[ParameterGroup, ...]
) -> tuple[int, ...]:
    """The shape of a kind by entries, where the experiment sets it more coarsely."""
    sizes, count = Sizes(iterations, groups), len(rows)
    shapes = _shapes(kind, sizes)
    fitting = [shape for shape in shapes if shape == (count,)]
    return fitting[-1] if fitting else shapes[-1]


def _shapes(kind: str, sizes: Sizes) -> list[tuple[int, ...]]:
    """All shapes that the own values of a kind can have, from coarse to fine."""
    every = (_shape(kind, granularity, sizes) for granularity in KINDS[kind].granularities)
    return [shape for shape in every if shape is not None]


def _shape(kind: str, granularity: str, sizes: Sizes) -> tuple[int, ...] | None:
    """The shape of own values; None where the model has no such granularity."""
    try:
        return KINDS[kind].extent.shape(granularity, sizes)
    except LookupError:  # the parameters are not those of layers
        return None


def _shaped(
    path: Path,
    kind: str,
    given: Floats,
    own: tuple[int, ...],
    setting: Setting,
    iterations: int,
    groups: tuple[ParameterGroup, ...],
) -> _Found:
    """Values at full shape from an array: of that shape, or of a coarser one."""
    origin = f"{path.name}, array {kind!r}"
    if KINDS[kind].enters == "schedule":
        wanted: list[tuple[int, ...]] = [(iterations, len(groups))]
        array = given[:, None] if given.shape == (iterations,) else given
    elif KINDS[kind].enters == "start":
        wanted, array = [(len(groups),)], given
    elif KINDS[kind].is_set_by_entry:
        wanted, array = [own], given
    else:
        wanted, array = [own, *_shapes(kind, Sizes(iterations, groups))], given
    for shape in wanted:
        try:
            values = np.broadcast_to(array, shape).copy()
        except ValueError:
            continue
        if KINDS[kind].is_set_by_entry and array.shape != shape:
            continue
        return _Found(values, lambda place: f"{path.name}, {kind}{list(place)}".replace("[]", ""))
    shapes = " or ".join(dict.fromkeys(map(str, wanted)))
    raise InputError(origin, f"expected the shape {shapes}, found {given.shape}.")


def _check_range(kind: str, found: _Found, setting: Setting) -> None:
    """Refuse what is no number, or out of range; to be free, also what is at an open end."""
    info, values = KINDS[kind], found.values
    low, high = info.limits(setting.domain) if setting.free else (info.low, info.high)
    if places := np.argwhere(~((values >= low) & (values <= high))).tolist():
        place = tuple(places[0])
        words = limits_in_words(kind, setting.domain)
        expected = f"{words} to be free" if setting.free else f"{info.low:g} to {info.high:g}"
        value = f"{values[place]:.{_DIGITS}g}"
        raise InputError(found.origin(place), f"expected {expected}, found {value}.")


def _own_setting(
    kind: str,
    values: Floats,
    setting: Setting,
    own: tuple[int, ...],
    groups: tuple[ParameterGroup, ...],
) -> dict[str, Any]:
    """Initial values for a setting, as few as there are different ones; and the granularity."""
    info, granularity = KINDS[kind], setting.granularity
    if info.enters == "schedule":
        by_iteration = "iteration" in granularity or not _is_same(values, values[:1])
        by_group = "group" in granularity or not _is_same(values, values[:, :1])
        granularity = {
            (False, False): "one",
            (True, False): "iteration",
            (False, True): "group",
            (True, True): "iteration and group",
        }[by_iteration, by_group]
        values = values[: None if by_iteration else 1, : None if by_group else 1]
    elif info.enters == "start":
        granularity = "one" if granularity == "one" and _is_same(values, values[:1]) else "group"
    elif values.shape == (len(groups),) and values.shape != own and granularity == "weight":
        values = np.repeat(values, [group.stop - group.start for group in groups])
    elif values.shape != own:
        granularity = _granularity_of(kind, values.shape, groups)
    if not info.is_set_by_entry and _is_same(values, values.ravel()[:1]):
        return {"initial": float(values.ravel()[0]), "granularity": granularity}
    return {"initial": _nested(values), "granularity": granularity}


def _nested(values: Floats) -> tuple[Any, ...]:
    """As an experiment has them: rows of a matrix, or all one after the other."""
    if values.ndim == 2 and 1 not in values.shape:
        return tuple(map(tuple, values.tolist()))
    return tuple(values.ravel().tolist())


def _granularity_of(kind: str, shape: tuple[int, ...], groups: tuple[ParameterGroup, ...]) -> str:
    """The coarsest that has this shape."""
    for granularity in KINDS[kind].granularities:
        if _shape(kind, granularity, Sizes(1, groups)) == shape:
            return granularity
    raise AssertionError("the shape is one of these")


def _is_same(one: Floats, other: Floats) -> bool:
    """Whether values are the same to the bit, also of zeros."""
    return bool(np.all(np.signbit(one) == np.signbit(other)) and np.all(one == other))
