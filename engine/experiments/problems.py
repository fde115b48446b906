"""What keeps nested tables from being an experiment, field by field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from engine.arrays import Floats
from engine.data.datasets import OWN, SURFACE
from engine.dynamics.catalogue import DYNAMICS
from engine.dynamics.dynamics import reversible_from
from engine.errors import InputError
from engine.experiments.contender import contender_of
from engine.experiments.experiment import Experiment
from engine.experiments.method_options import make_method
from engine.experiments.mistakes import sentences_of
from engine.experiments.real_time import misfits as misfits_of_real_time
from engine.experiments.rival import is_of_strategies, rival_of
from engine.experiments.stopping_misfits import misfits as misfits_of_stopping
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import TASKS, all_models, misfit, task_of
from engine.hypergradients.catalogue import METHODS, irreversible, title_of
from engine.hypergradients.catalogue import misfit as misfit_of_method
from engine.hyperparameters.kinds import KINDS
from engine.sentences import one_line, shown

_LEARNED_INPUTS: Final = ("examples", "surface", "own losses")
"""Tasks that can learn the inputs of examples, or have no examples to begin with."""

NO_MINIMA: Final = (
    "only L-BFGS can start from another trial's minimum: "
    "that takes an implicit method with minimise_to set"
)
"""Why trials cannot start warm, as the end of a sentence."""


def validate(tables: Mapping[str, Any]) -> Experiment:
    """Make an experiment of nested tables.

    Raises:
        InputError: naming the first wrong field and what was expected, and the others.
    """
    found = [InputError(field, sentence) for field, sentence in problems(tables).items()]
    if found:
        first, *others = found
        raise InputError(first.field, first.sentence, others=others)
    return Experiment.model_validate(tables)


def problems(tables: Mapping[str, Any], typed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Everything that keeps nested tables from being an experiment: a sentence a dotted field.

    Args:
        tables: the values.
        typed: the text of those that somebody typed, by dotted name (of a part of a list with its
            place), so that sentences can name it as it stands there, and methods by the titles
            that one sees there; None of values that were read.
    """
    return {field: one_line(sentence) for field, sentence in _problems(tables, typed).items()}


def _problems(tables: Mapping[str, Any], seen: Mapping[str, str] | None) -> dict[str, str]:
    typed = seen or {}
    try:
        experiment = Experiment.model_validate(tables)
    except ValidationError as error:
        return sentences_of(error, Experiment, typed)
    if experiment.model.kind not in all_models():
        expected = f"expected one of {', '.join(all_models())}"
        return {"model.kind": f"{expected}, found {experiment.model.kind!r}."}
    found = _of_model(experiment)
    on_surface = experiment.data.source == SURFACE
    if on_surface and (refusal := misfit(experiment, "surface")):
        found[refusal.field] = refusal.sentence
    if not on_surface and experiment.model.kind in TASKS["surface"].models:
        found["model.kind"] = (
            f"expected a model other than {experiment.model.kind}, because of the data."
        )
    found |= _of_own_problem(experiment)
    if experiment.data.learned_per_class and task_of(experiment).name not in _LEARNED_INPUTS:
        model = task_of(experiment).name
        found["data.learned_per_class"] = f"expected no learned examples with {model}."
    found |= _of_corruption(experiment)
    if experiment.data.learned_per_class and experiment.meta.objective != "validation":
        found["meta.objective"] = "expected validation, because the training inputs are learned."
    if experiment.meta.penalty and not experiment.hyperparameters["l2_penalties"].free:
        found["meta.penalty"] = "expected 0, because the L2 penalties are not free."
    if experiment.meta.updates > 1 and STRATEGIES[experiment.meta.optimizer].shows != "descent":
        found["meta.updates"] = "expected 1, because only a descent takes several updates."
    found |= _of_strategy(experiment)
    found |= misfits_of_stopping(experiment)
    present = kinds_of(experiment)
    for kind, setting in experiment.hyperparameters.items():
        if setting.free and kind not in present:
            found[f"hyperparameters.{kind}.free"] = KINDS[kind].missing
        found |= KINDS[kind].problems(setting, typed.get(f"hyperparameters.{kind}.initial", ""))
    found |= _of_inputs(experiment)
    called: Callable[[str], str] = str if seen is None else title_of
    of_method = _of_method(experiment, called)
    if missing := STRATEGIES[experiment.meta.optimizer].missing:
        found["meta.optimizer"] = f"expected another strategy, because {missing}."
    if experiment.is_one_run:
        of_method = misfits_of_real_time(experiment, called) or of_method
    return of_method | found | _of_compares(experiment)


def _of_own_problem(experiment: Experiment) -> dict[str, str]:
    """What does not go with a file of one's own, or is missing without one."""
    has_losses = task_of(experiment).name == "own losses"
    if has_losses != (experiment.data.source == OWN):
        model = "own losses" if not has_losses else f"a model other than {experiment.model.kind}"
        return {"model.kind": f"expected {model}, because of the data."}
    if has_losses and experiment.problem.file is None:
        wanted = "a Python file with your losses: File, New problem… or Open problem…"
        return {"problem.file": f"expected {wanted}"}
    if not has_losses and experiment.problem.file is not None:
        return {"problem.file": f"expected none with {experiment.model.kind}."}
    if has_losses and experiment.meta.objective != "validation":
        return {"meta.objective": "expected validation, because the file has a validation loss."}
    return {}


def _of_strategy(experiment: Experiment) -> dict[str, str]:
    """What a strategy that tries, or one that compares objectives, does not go with."""
    strategy, found = STRATEGIES[experiment.meta.optimizer], {}
    if strategy.tries and experiment.meta.trials_warm and not experiment.minimises:
        return {"meta.trials_warm": f"expected false, because {NO_MINIMA}."}
    if not strategy.sees_objective:
        return {}
    if experiment.meta.updates > 1:
        found["meta.updates"] = f"expected 1, because {strategy.title} looks at each objective."
    if experiment.meta.new_seed:
        found["meta.new_seed"] = (
            f"expected false, because {strategy.title} compares objectives with each other."
        )
    if strategy.name != "l-bfgs-b":
        return found
    for kind in sorted(experiment.free):
        if experiment.hyperparameters[kind].constraint is not None:
            found[f"hyperparameters.{kind}.constraint"] = (
                f"expected none, because {strategy.title} keeps to ranges alone."
            )
    return found


def _of_corruption(experiment: Experiment) -> dict[str, str]:
    """Why no labels can be corrupted."""
    if not experiment.data.corrupted:
        return {}
    if task_of(experiment).name != "examples":
        sentence = f"expected 0.0 with {experiment.model.kind}."
    elif experiment.data.learned_per_class:
        sentence = "expected 0.0, because the training inputs are learned."
    else:
        return {}
    return {"data.corrupted": sentence}


def _of_inputs(experiment: Experiment) -> dict[str, str]:
    """Why there can be no inputs of noise, or why inputs have no penalties of their own."""
    if experiment.data.noise_inputs and task_of(experiment).name != "examples":
        return {"data.noise_inputs": f"expected 0 with {experiment.model.kind}."}
    settings = experiment.hyperparameters["l2_penalties"]
    if settings.granularity != "input" or task_of(experiment).inputs_have_penalties:
        return {}
    others = [name for name in KINDS["l2_penalties"].granularities if name != "input"]
    expected = f"expected {', '.join(others[:-1])} or {others[-1]} with {experiment.model.kind}"
    return {"hyperparameters.l2_penalties.granularity": f"{expected}, found 'input'."}


def _of_model(experiment: Experiment) -> dict[str, str]:
    """What does not go together in a model."""
    model, found = experiment.model, {}
    is_deep = model.kind in task_of(experiment).deep
    if is_deep != bool(model.hidden):
        wanted = "at least one hidden layer" if is_deep else "no hidden layers"
        found["model.hidden"] = f"expected {wanted} in a {model.kind}."
    if model.kind == "linear regression" and model.loss != "squared":
        found["model.loss"] = "expected squared in a linear regression."
    return found


def kinds_of(experiment: Experiment) -> tuple[str, ...]:
    """The kinds of hyperparameters that an experiment's training has, free or not."""
    owned = {
        *DYNAMICS[experiment.training.dynamics].schedules,
        *task_of(experiment).kinds(experiment),
    }
    return tuple(kind for kind in KINDS if kind in owned)


def least_of(experiment: Experiment) -> Mapping[str, float]:
    """Of some kinds, how low their values may go, because the method has to undo training."""
    reverses = "reversible" in METHODS[experiment.method].needs
    return reversible_from(DYNAMICS[experiment.training.dynamics]) if reverses else {}


def _of_method(experiment: Experiment, called: Callable[[str], str]) -> dict[str, str]:
    """What the method cannot do: undo the dynamics, or differentiate by what is free."""
    try:
        make_method(experiment.method, experiment.hypergradient)
    except InputError as error:
        return {error.field: error.sentence}
    method, strategy = METHODS[experiment.method], STRATEGIES[experiment.meta.optimizer]
    if strategy.method not in ("", experiment.method, "forward"):  # real time says why itself
        expected = f"expected {called(strategy.method)}, because {strategy.title}"
        return {"method": f"{expected} asks for solutions that are only as exact as it needs."}
    if refusal := misfit_of_method(method(), DYNAMICS[experiment.training.dynamics], called):
        return {refusal.field: refusal.sentence}
    tries = strategy.tries  # and takes no derivatives
    for kind, setting in experiment.hyperparameters.items():
        if setting.free and KINDS[kind].enters not in method.gives and not tries:
            if strategy.minimises:
                sentence = f"expected false, because {strategy.title} goes to the minimum of the "
                sentence += f"training loss, whatever the {KINDS[kind].plural}."
                return {f"hyperparameters.{kind}.free": sentence}
            able = [name for name, one in METHODS.items() if KINDS[kind].enters in one.gives]
            reason = f"because the {KINDS[kind].plural} are free"
            return {"method": f"expected one of {', '.join(map(called, able))}, {reason}."}
    refusal = cannot_undo(experiment, called)
    return {refusal.field: refusal.sentence} if refusal else {}


def _of_compares(experiment: Experiment) -> dict[str, str]:
    """What is no method or strategy, or is there twice, among those to be compared."""
    if is_of_strategies(experiment.compares):
        return _of_compared_strategies(experiment.compares)
    ways = set()
    for text in experiment.compares:
        try:
            way = contender_of(text).way
        except InputError as error:
            _, _, option = error.field.partition(", ")
            return {"compares": f"{option}: {error.sentence}" if option else error.sentence}
        if way in ways:
            return {"compares": f"expected each method once, found {shown(text)} again."}
        ways.add(way)
    return {}


def _of_compared_strategies(texts: Sequence[str]) -> dict[str, str]:
    rivals = set()
    for text in texts:
        try:
            rival = rival_of(text)
        except InputError as error:
            return {"compares": error.sentence}
        if rival in rivals:
            return {"compares": f"expected each strategy once, found {shown(text)} again."}
        rivals.add(rival)
    return {}


def cannot_undo(experiment: Experiment, called: Callable[[str], str] = str) -> InputError | None:
    """Why the method cannot undo training from where hyperparameters start; None if it can.

    Args:
        experiment: whose method it is.
        called: what methods are called, by their names.
    """
    initial = {kind: _numbers(experiment, kind) for kind in least_of(experiment)}
    method = METHODS[experiment.method]()
    refusal = irreversible(method, DYNAMICS[experiment.training.dynamics], initial, called)
    if refusal is None:
        return None
    return InputError(f"hyperparameters.{refusal.field}.initial", refusal.sentence)


def _numbers(experiment: Experiment, kind: str) -> Floats:
    """All numbers that a kind starts from, one after the other."""
    initial = experiment.hyperparameters[kind].initial
    rows = initial if isinstance(initial, tuple) else (initial,)
    return np.concatenate([np.atleast_1d(np.array(row, np.float64)) for row in rows])
