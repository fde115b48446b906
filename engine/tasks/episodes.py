"""Few-shot episodes that share a representation: what few drawings teach, on top of what many did.

Each training run trains the classifiers of a few episodes on the features that a network gives of
their drawings; the network's parameters are hyperparameters (Franceschi et al. 2018, section 5).
Whether it has learned to learn is judged on episodes of characters that it has never seen.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats, Integers
from engine.data.characters import Characters, characters_of, draw_episodes
from engine.data.drawings import Alphabet, load_drawings
from engine.derivatives.classifiers_oracle import groups_of_classifiers
from engine.derivatives.episodes_oracle import Episodes, EpisodesOracle
from engine.derivatives.feature_layers import Batch
from engine.derivatives.representation import Architecture, Representation
from engine.dynamics.catalogue import DYNAMICS
from engine.dynamics.dynamics import Dynamics
from engine.errors import InputError
from engine.experiments.episodes import too_many_ways
from engine.experiments.experiment import Episodes as Settings
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.tasks import misfit
from engine.groups import ParameterGroup
from engine.hyperparameters.initial_scales import scaled
from engine.hyperparameters.values import Hyperparameters
from engine.randomness import EPISODES, HELD_OUT_EPISODES, REPRESENTATIONS, WEIGHTS, generator
from engine.tasks.episode_training import train_classifiers
from engine.tasks.fitting import open_drawings
from engine.tasks.networks import PRECISIONS
from engine.tasks.pretraining import pretrain
from engine.tasks.task import DataShape, Piece, Step

Key = tuple[int, ...]

RAW_PIXELS: Final = "raw pixels"
RANDOM: Final = "random representation"
PRETRAINED: Final = "pretrained by classification"

_RATES: Final = tuple(2.0**power for power in range(-3, 7))
"""Among which baselines have their inner learning rate chosen, on characters that are not held out.
"""
_TOGETHER: Final = 20  # episodes that are judged at the same time
_SHARE_WATCHED: Final = 5  # one of so many of the held-out episodes is judged during a run


class Judged(NamedTuple):
    """Some episodes, whose classifiers have been trained.

    Attributes:
        episodes: the drawings.
        characters: (J, ways) which ones they are of.
        scores: (J, m, ways) what the classifiers make of the queries.
        training_losses: (J,) at the end.
    """

    episodes: Episodes
    characters: Integers
    scores: Floats
    training_losses: Floats

    @property
    def accuracies(self) -> Floats:
        """(J,) the share of each episode's queries that is classified rightly."""
        right = self.scores.argmax(axis=2) == self.episodes.query_targets
        return np.asarray(right.mean(axis=1), np.float64)

    @property
    def losses(self) -> Floats:
        """(J,) the mean cross-entropy of each episode's queries."""
        top = self.scores.max(axis=2, keepdims=True)
        total = np.log(np.exp(self.scores - top).sum(axis=2)) + top[..., 0]
        targets = self.episodes.query_targets[:, :, None]
        right = np.take_along_axis(self.scores, targets, axis=2)[..., 0]
        return np.asarray(np.mean(total - right, axis=1))


@dataclass(frozen=True, eq=False)
class EpisodesTask:
    """Classifiers of a few episodes on shared features; a `Task`.

    Attributes:
        learned_from: the characters that episodes are drawn from while the representation is
            learned.
        held_out: those that it is judged on.
        settings: how episodes are drawn.
        representation: the network.
        raw: what stands in its place where classifiers see pixels.
        dynamics: how training moves.
        seed: of the representation's start, and of what it is judged on.
        updates: how many hypergradients a whole run takes.
    """

    learned_from: Characters
    held_out: Characters
    settings: Settings
    representation: Representation
    raw: Representation
    dynamics: Dynamics
    seed: int
    updates: int

    @property
    def groups(self) -> tuple[ParameterGroup, ...]:
        """The G parameter groups: the weights of all classifiers, and their biases."""
        return groups_of_classifiers(
            self.settings.batch, self.representation.features, self.settings.ways
        )

    @property
    def size(self) -> int:
        """P, the number of elementary parameters."""
        return self.groups[-1].stop

    @property
    def data(self) -> DataShape:
        """What views need to know of the data."""
        height, width = self.held_out.shape
        return DataShape(height * width, (), (height, width), summed=self.settings.batch)

    @property
    def products(self) -> int:
        """Multiplications that one training iteration takes, roughly."""
        return self.size * self.settings.shots * self.settings.ways

    @property
    def epoch(self) -> int:
        """Every iteration sees all examples."""
        return 1

    def initial_noise(self, key: Key) -> Floats:
        """(P,) standard normal numbers that the initial scales multiply."""
        return generator(*key, WEIGHTS).standard_normal(self.size)

    def starts(self, initial: Mapping[str, float]) -> Mapping[str, Floats]:
        """The representation: random weights, as large as an experiment says."""
        start = self.representation.initial(generator(self.seed, REPRESENTATIONS))
        return {"representation": initial["representation"] * start}

    def oracle(
        self,
        key: Key,
        hyperparameters: Hyperparameters,
        team: int = 1,
        *,
        final: bool = False,
    ) -> EpisodesOracle:
        """Derivatives of the losses of one training run.

        Args:
            key: (seed, meta-iteration, replicate): what its episodes depend on.
            hyperparameters: what it is trained with.
            team: makes no difference.
            final: makes none either: at last it is judged by episodes of its own.
        """
        return self._oracle(self.drawn(key), hyperparameters)

    def drawn(self, key: Key) -> Episodes:
        """The episodes of a training run."""
        episodes, _ = self._draw(self.learned_from, key, self.settings.batch, self.settings.queries)
        return episodes

    def measure(
        self,
        w: Floats,
        hyperparameters: Hyperparameters,
        key: Key = (),
        *,
        final: bool = False,
    ) -> Measures:
        """Judge the classifiers of a training run, and the representation on held-out characters.

        Args:
            w: (P,) trained classifiers.
            hyperparameters: what they were trained with.
            key: of the training run.
            final: makes no difference.
        """
        oracle = self._oracle(self.drawn(key), hyperparameters)
        training = float(oracle.inner.training_losses(w).mean())
        held_out = [*self.held_out_episodes(hyperparameters, self._watched)]
        return _measures(training, oracle.objective_value(w), held_out)

    def judged(self, hyperparameters: Hyperparameters, key: Key) -> Generator[Step, None, Measures]:
        """Judge a representation by new episodes, of held-out characters and of the others."""
        count = self.settings.test_number
        held_out = []
        for one in self.held_out_episodes(hyperparameters, count):
            held_out.append(one)
            yield Step("Judging on held-out episodes", _TOGETHER * len(held_out), count)
        seen = [*self._judge(self.learned_from, hyperparameters, self._watched, (*key, EPISODES))]
        training = np.mean(np.concatenate([one.training_losses for one in seen]))
        validation = np.mean(np.concatenate([one.losses for one in seen]))
        return _measures(float(training), float(validation), held_out)

    def held_out_episodes(
        self, hyperparameters: Hyperparameters, count: int
    ) -> Generator[Judged, None, None]:
        """So many episodes of held-out characters, a few at a time: always the same ones."""
        yield from self._judge(self.held_out, hyperparameters, count, (self.seed,))

    def baselines(self, hyperparameters: Hyperparameters) -> Mapping[str, Hyperparameters]:
        """What comes for nothing; see `find_baselines` for what has to be trained."""
        random = self.starts({"representation": 1.0})["representation"]
        return {
            RAW_PIXELS: self._with(hyperparameters, np.zeros(0)),
            RANDOM: self._with(hyperparameters, random),
        }

    def find_baselines(
        self, hyperparameters: Hyperparameters
    ) -> Generator[Step, None, Mapping[str, Hyperparameters]]:
        """Classifiers of pixels, of random features, and of those of pretraining.

        The inner learning rates of each are the learned ones, or the same one in all iterations:
        whatever is best on characters that are not held out.
        Pretraining sees as many drawings as all hypergradients of the run did, from the same start.
        """
        settings = self.settings
        drawings = settings.batch * settings.ways * (settings.shots + settings.queries)
        start = self.starts({"representation": 1.0})["representation"]
        steps = pretrain(
            self.representation,
            start,
            self.learned_from,
            steps=self.updates,
            batch=drawings,
            seed=self.seed,
        )
        while True:
            try:
                yield Step("Pretraining by classification", next(steps), self.updates)
            except StopIteration as stop:
                pretrained = self._with(hyperparameters, stop.value)
                break
        return {**self.baselines(hyperparameters), PRETRAINED: pretrained}

    def pieces(self, *, tangents: bool = False) -> list[Piece]:
        """Nothing is compiled."""
        return []

    def features_of(self, hyperparameters: Hyperparameters, pictures: Batch) -> Floats:
        """(n, d) what a representation makes of pictures (n, pixels)."""
        theta = hyperparameters["representation"]
        return self._network(theta).features_of(theta, pictures)

    @property
    def _watched(self) -> int:
        """How many held-out episodes are judged during a run."""
        return max(1, self.settings.test_number // _SHARE_WATCHED)

    def _network(self, theta: Floats) -> Representation:
        return self.representation if theta.size else self.raw

    def _oracle(self, episodes: Episodes, hyperparameters: Hyperparameters) -> EpisodesOracle:
        theta = hyperparameters["representation"]
        return EpisodesOracle(self._network(theta), theta, episodes)

    def _draw(
        self, characters: Characters, key: Key, count: int, queries: int
    ) -> tuple[Episodes, Integers]:
        settings = self.settings
        return draw_episodes(
            characters,
            generator(*key, EPISODES),
            count=count,
            ways=settings.ways,
            shots=settings.shots,
            queries=queries,
        )

    def _judge(
        self, characters: Characters, hyperparameters: Hyperparameters, count: int, key: Key
    ) -> Generator[Judged, None, None]:
        """Train the classifiers of new episodes, a few at a time, and let them judge queries."""
        for first in range(0, count, _TOGETHER):
            number = (*key, HELD_OUT_EPISODES, first)
            together = min(_TOGETHER, count - first)
            drawn = self._draw(characters, number, together, self.settings.test_queries)
            yield self._trained(*drawn, hyperparameters, number)

    def _trained(
        self, episodes: Episodes, which: Integers, hyperparameters: Hyperparameters, key: Key
    ) -> Judged:
        oracle = self._oracle(episodes, hyperparameters).inner
        features = self._network(hyperparameters["representation"]).features
        groups = groups_of_classifiers(len(which), features, self.settings.ways)
        noise = generator(*key, WEIGHTS).standard_normal(groups[-1].stop)
        w = train_classifiers(
            oracle,
            scaled(noise, hyperparameters["initial_scales"], groups),
            self.dynamics,
            {kind: hyperparameters[kind] for kind in self.dynamics.schedules},
            groups,
        )
        return Judged(episodes, which, oracle.scores(w), oracle.training_losses(w))

    def _with(self, hyperparameters: Hyperparameters, theta: Floats) -> Hyperparameters:
        """The same with another representation, and the inner learning rates that suit it best."""
        key, learned = (self.seed, REPRESENTATIONS), hyperparameters["learning_rates"]
        found = []
        for rates in (learned, *(np.full_like(learned, rate) for rate in _RATES)):
            tried = hyperparameters.replace(representation=theta.copy(), learning_rates=rates)
            judged = [*self._judge(self.learned_from, tried, self._watched, key)]
            accuracy = np.mean(np.concatenate([one.accuracies for one in judged]))
            found.append((accuracy, tried))
        return max(found, key=lambda pair: pair[0])[1]


def _measures(training: float, validation: float, held_out: Sequence[Judged]) -> Measures:
    """Means over episodes, and how far the mean accuracy may be off."""
    accuracies = np.concatenate([one.accuracies for one in held_out])
    losses = np.concatenate([one.losses for one in held_out])
    error = None
    if len(accuracies) > 1:
        error = float(accuracies.std(ddof=1) / len(accuracies) ** 0.5)
    return Measures(
        {
            "training_loss": training,
            "validation_loss": validation,
            "test_loss": float(losses.mean()),
            "test_accuracy": float(accuracies.mean()),
            "test_accuracy_error": error,
        }
    )


def make(experiment: Experiment) -> EpisodesTask:
    """The task of an experiment whose data are episodes.

    Raises:
        InputError: the data cannot be used, or do not fit the model or the episodes.
    """
    settings, model, training = experiment.episodes, experiment.model, experiment.training
    if refusal := misfit(experiment, "several tasks"):
        raise refusal
    learned_from, held_out = _characters(experiment)
    counts = (len(learned_from.drawings), len(held_out.drawings))
    if sentence := too_many_ways(settings, *counts):
        raise InputError("episodes.ways", sentence)
    for field, characters, queries in (
        ("episodes", learned_from, settings.queries),
        ("episodes.test", held_out, settings.test_queries),
    ):
        _check(field, characters, settings, queries)
    is_dense = model.kind.startswith("dense")
    architecture: Architecture = "dense" if is_dense else "convolutional"
    shape, precision = learned_from.shape, PRECISIONS[training.precision]
    return EpisodesTask(
        learned_from,
        held_out,
        settings,
        Representation(shape, model.hidden, architecture, model.activation, precision),
        Representation(shape, (), precision=precision),
        DYNAMICS[training.dynamics],
        experiment.meta.seed,
        experiment.meta.iterations * experiment.meta.updates,
    )


def _characters(experiment: Experiment) -> tuple[Characters, Characters]:
    """Those to learn from, and those that are held out."""
    settings = experiment.episodes
    alphabets: Sequence[Alphabet] = open_drawings(experiment.data).alphabets
    others: Sequence[Alphabet]
    if settings.test_source is None:
        alphabets, others = alphabets[:-1], alphabets[-1:]
    else:
        try:
            others = load_drawings(settings.test_source).alphabets
        except InputError as error:
            raise InputError("episodes.test_source", error.sentence) from None
    learned_from = characters_of(alphabets, settings.turns)
    held_out = characters_of(others, settings.test_turns)
    if learned_from.shape != held_out.shape:
        shapes = " and ".join(f"{high} × {wide}" for high, wide in (held_out[2], learned_from[2]))
        expected = "expected drawings of the same size as those of data.source"
        raise InputError("episodes.test_source", f"{expected}, found {shapes} pixels.")
    return learned_from, held_out


def _check(field: str, characters: Characters, settings: Settings, queries: int) -> None:
    """Refuse episodes for which there are too few drawings of each character.

    Raises:
        InputError: there are too few.
    """
    each = characters.drawings.shape[1]
    if settings.shots + queries > each:
        name = "episodes.test_queries" if field.endswith("test") else "episodes.queries"
        expected = f"expected at most {each - settings.shots} of the {each} drawings of a character"
        raise InputError(name, f"{expected}, because shots take the others, found {queries}.")
