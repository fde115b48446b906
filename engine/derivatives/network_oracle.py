"""Derivatives of the built-in models by hand: backpropagation, and Pearlmutter's R-operator.

For a network z_l = a_{l-1} W_l + b_l, a_l = φ(z_l), one pass forwards and one backwards give the
gradient g. The R-operator (Pearlmutter 1994, "Fast exact multiplication by the Hessian") carries
the derivative along a direction u through both passes, and gives ∇_w (g · u) and ∇_θ (g · u).
The passes themselves are compiled, in `engine.kernels.network`; here a minibatch is described to
them, and what they find is put together as derivatives by θ.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats, Integers
from engine.derivatives.choices import Activation, LossName
from engine.derivatives.hessian import Hessian, rows_of_regression
from engine.derivatives.models import Network
from engine.derivatives.network_calls import NO_ADJOINTS, Adjoints, CallsOf, NetworkCalls
from engine.derivatives.stretches import Calls
from engine.hyperparameters.l2_penalties import SPREADS, check_penalties
from engine.kernels import threads
from engine.kernels.calls import NOT_KEPT
from engine.kernels.desk import BLOCK, Desk, make_desk
from engine.kernels.examples import Examples, Rows, dense, read_only, with_inputs
from engine.kernels.layers import Shape
from engine.kernels.network import differentiate, multiply
from engine.kernels.work import Directions, Work

Array = NDArray[Any]

_NOTHING = np.zeros(0)
_NONE_CHOSEN = read_only(np.zeros(0, np.int64))


class NetworkOracle:
    """The derivative oracle of a dense network, or a regression.

    The training loss at iteration t is the mean over the minibatch of each example's loss times its
    weight, plus Σ λ w². θ holds the penalties λ, the example weights and the inputs, one after the
    other, as far as they are asked for.

    Args:
        network: the model.
        train: the N training examples; in whose precision all is done, float64 or float32.
        rows: which of them are in the minibatch of training iteration t.
        judged: the examples of the objective, which has neither weights nor penalties.
        penalties: λ, as many as their granularity says; empty for none. Without them, parameters
            may also be given in the network's own precision.
        penalty_granularity: "one", "group", "input" or "weight".
        example_weights: (N,) what each training example's loss is multiplied by, as a part of θ;
            or more, of which those of these examples begin at ``weights_from``; None if all count
            alike.
        weights_from: where the first example's weight is among them.
        inputs_in_theta: whether the training inputs are a part of θ, row by row.
        team: how many threads may share a minibatch; results do not depend on it.
    """

    def __init__(
        self,
        network: Network,
        train: Examples,
        rows: Callable[[int], slice | Integers],
        judged: Examples,
        penalties: Floats,
        *,
        penalty_granularity: str = "one",
        example_weights: Floats | None = None,
        weights_from: int = 0,
        inputs_in_theta: bool = False,
        team: int = 1,
    ) -> None:
        self._network = network
        self._shape = Shape(
            np.array(network.sizes),
            get_args(Activation).index(network.activation),
            get_args(LossName).index(network.loss),
        )
        self._precision = train.inputs.dtype.type
        self._train, self._judged = train, judged
        self._rows = rows
        self._team = team
        self._penalties = penalties.size
        self._inputs_in_theta = inputs_in_theta
        self._own_weights = slice(weights_from, weights_from + train.size)
        check_penalties(penalties, penalty_granularity, network.groups)
        self._spread = SPREADS[penalty_granularity]
        self._place(penalties, example_weights)
        self._by_weight = np.empty_like(self._twice_penalties)
        self._evaluations = 0
        self._desks: dict[tuple[int, bool, int], Desk] = {}
        self._shares: dict[int, Array] = {}
        self._calls = CallsOf()
        self._gradient, self._gradient_again, self._product = np.empty((3, network.size))
        size = network.size if self._precision is np.float32 else 0
        self._rounded = np.empty(size, np.float32), np.empty(size, np.float32)
        self._rounded_views = read_only(self._rounded[0]), read_only(self._rounded[1])

    def _place(self, penalties: Floats, example_weights: Floats | None) -> None:
        """Take the penalties and weights of a θ."""
        self._own_penalties, self._weights = penalties, example_weights
        self._twice_penalties = np.zeros(0)
        if penalties.size:
            self._twice_penalties = self._spread.to_parameters(penalties, self._network.groups)
            self._twice_penalties *= 2

    @cached_property
    def theta(self) -> Floats:
        """(M,) penalties, example weights and inputs, one after the other."""
        weights = _NOTHING if self._weights is None else self._weights
        inputs = dense(self._train, self._features).ravel() if self._inputs_in_theta else _NOTHING
        return read_only(np.concatenate([self._own_penalties, weights, inputs]), np.float64)

    @property
    def theta_size(self) -> int:
        """M."""
        inputs = self._train.size * self._features if self._inputs_in_theta else 0
        return self._penalties + (0 if self._weights is None else self._weights.size) + inputs

    def at(self, theta: Floats) -> "NetworkOracle":
        """The same losses at another θ; not to be used at the same time, for they share room."""
        penalties, weights, inputs = self._apart(theta)
        moved = copy(self)
        vars(moved).pop("theta", None)  # what was cached
        moved._calls = CallsOf()
        if inputs is not None:
            moved._train = with_inputs(self._train, inputs)
        moved._place(penalties, weights)
        return moved

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss at iteration t, and its gradient ∇_w L (P,)."""
        loss = self._fill_gradient(w, self._minibatch(t), self._twice_penalties, self._gradient)
        return loss, self._gradient

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``; see `Oracle`."""
        rows = self._minibatch(t)
        count = len(rows.shares)
        features = self._features
        by_share = np.empty(count, self._precision)
        by_input = np.empty((count if self._inputs_in_theta else 0, features), self._precision)
        self._differentiate(
            rows, w, direction, self._twice_penalties, self._gradient_again, by_share, by_input
        )
        theta_product = self._theta_product(self._rows(t), by_share, by_input)
        return self._gradient_again, self._product, theta_product

    def forward_calls(self, w: Floats, iterations: range) -> Calls | None:
        """See `engine.derivatives.stretches.TellsCalls`."""
        return self._find_calls((w, _NOTHING, _NOTHING), iterations, self._gradient)

    def reverse_calls(
        self, w: Floats, iterations: range, direction: Floats, theta: Floats
    ) -> Calls | None:
        """See `engine.derivatives.stretches.TellsCalls`."""
        return self._find_calls((w, direction, theta), iterations, self._gradient_again)

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w; see `Oracle`."""
        loss, gradient = self.gradient(w, t)
        rows, found = self._minibatch(t), self._evaluations
        one_by_one = len(rows.shares) > BLOCK

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            if one_by_one:  # what they have in common is on no desk
                products = [self.gradient_and_products(w, t, u)[1].copy() for u in directions]
                return np.array(products)
            nonlocal found
            if found != self._evaluations:  # something else is on the desk
                self._fill_gradient(w, rows, self._twice_penalties, self._gradient_again)
                found = self._evaluations
            return self._multiply(w, rows, np.asarray(directions))

        quick_rows = None
        if len(self._network.sizes) == 2 and self._network.loss == "squared":
            inputs = dense(self._train, self._features)[self._rows(t)]
            units = self._network.sizes[1]
            quick_rows = rows_of_regression(inputs, rows.shares, units, self._twice_penalties)
        return loss, gradient, Hessian(self._network.size, times, quick_rows)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ."""
        penalties, weights, inputs = self._apart(theta_direction)
        if penalties.size:
            product = self._spread.scale(2 * penalties, self._network.groups, w)
        else:
            product = np.zeros(self._network.size)
        rows = self._minibatch(t)
        if weights is not None:  # the loss is linear in them
            own = weights[self._own_weights][self._rows(t)]
            shares = (own / len(rows.shares)).astype(self._precision)
            moved = np.empty_like(product)
            self._fill_gradient(w, rows._replace(shares=shares), _NOTHING, moved)
            product += moved
        if inputs is not None:
            chosen, train = self._rows(t), self._train
            targets = train.classes if train.classes.size else train.numbers
            given = dense(train, self._features)[chosen], targets[chosen], rows.shares
            product += self._network.moved_by_inputs(w, *given, inputs[chosen])
        return product

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w), ∇_w f (P,) and zeros (M,): the objective does not depend on θ."""
        gradient = np.empty_like(self._gradient)
        value = self._fill_gradient(w, self._everything(self._judged), _NOTHING, gradient)
        return value, gradient, np.zeros(self.theta_size)

    @property
    def judged_examples(self) -> int:
        """How many examples the objective is a mean over."""
        return self._judged.size

    def objective_on(self, w: Floats, chosen: Integers) -> tuple[float, Floats, Floats]:
        """What `objective` gives, of the chosen examples alone."""
        gradient = np.empty_like(self._gradient)
        shares = self._equal_shares(len(chosen))
        rows = Rows(*self._judged, read_only(chosen), 0, shares)
        value = self._fill_gradient(w, rows, _NOTHING, gradient)
        return value, gradient, np.zeros(self.theta_size)

    def objective_value(self, w: Floats) -> float:
        """f(w) alone."""
        return self.objective(w)[0]

    def _find_calls(
        self, about: tuple[Floats, Floats, Floats], iterations: range, gradient: Floats
    ) -> Calls | None:
        """Calls about w, a direction and θ's adjoint, unless threads are to share the work."""
        self._evaluations += 1

        def make(count: int, start: int | None) -> NetworkCalls | None:
            w, direction, theta = about
            own = None if self._weights is None else self._weights[self._own_weights]
            shares = self._equal_shares(count) if own is None else np.empty(count, self._precision)
            desk = self._desk(Rows(*self._train, _NONE_CHOSEN, 0, shares))
            if min(self._team, desk.parts) > 1:
                return None
            inputs = (count if self._inputs_in_theta else 0, self._features)
            by_share, by_input = (np.empty(shape, self._precision) for shape in (count, inputs))
            work = self._work(w, direction, self._twice_penalties, gradient, by_share, by_input)
            adjoints = self._adjoints(theta) if theta.size else NO_ADJOINTS
            return NetworkCalls(self._shape, self._train, own, shares, desk, work, adjoints, start)

        return self._calls.of(about, [self._rows(t) for t in iterations], self._train.size, make)

    def _adjoints(self, theta: Floats) -> Adjoints:
        penalties, weights, inputs = self._apart(theta)
        groups, gather = self._network.groups, self._spread.gather
        return Adjoints(
            penalties,
            None if self._spread is SPREADS["weight"] else lambda by: gather(by, groups),
            _NOTHING if weights is None else weights[self._own_weights],
            np.zeros((0, 0)) if inputs is None else inputs,
        )

    def _fill_gradient(self, w: Floats, rows: Rows, twice_penalties: Floats, out: Floats) -> float:
        return self._differentiate(rows, w, _NOTHING, twice_penalties, out)

    def _multiply(self, w: Floats, rows: Rows, directions: Floats) -> Floats:
        """(k, P) products of directions with the second derivatives where the desk stands."""
        shares = min(self._team, len(directions), 2)
        products = np.empty_like(directions)
        along = Directions(
            read_only(directions, self._precision),
            read_only(directions),
            products,
            np.empty((2, len(rows.shares)), self._precision),
        )
        work = self._work(w, _NOTHING, self._twice_penalties, self._gradient_again)
        desks = self._desk(rows), self._desk(rows, shares - 1)
        threads.run(multiply, shares, self._shape, rows, work, desks, shares, along)
        return products

    def _differentiate(
        self,
        rows: Rows,
        w: Floats,
        direction: Floats,
        twice_penalties: Floats,
        gradient: Floats,
        by_share: Array | None = None,
        by_input: Array | None = None,
    ) -> float:
        self._evaluations += 1
        desk = self._desk(rows)
        work = self._work(w, direction, twice_penalties, gradient, by_share, by_input)
        loss, penalty = threads.run(
            differentiate, min(self._team, desk.parts), self._shape, rows, work, desk, NOT_KEPT
        )
        return float(loss + penalty)

    def _work(
        self,
        w: Floats,
        direction: Floats,
        twice_penalties: Floats,
        gradient: Floats,
        by_share: Array | None = None,
        by_input: Array | None = None,
    ) -> Work:
        """What is asked for of the kernels."""
        no_inputs = np.empty((0, 0), self._precision)
        exact = read_only(w), read_only(direction)
        own = exact
        if self._precision is np.float32 and w.dtype == np.float64:
            own = self._rounded_views
        elif self._precision is np.float32:  # nothing has to be rounded
            own = exact[0], exact[1] if direction.size else self._rounded_views[1]
            exact = read_only(_NOTHING), read_only(_NOTHING)
        return Work(
            own[0],
            own[1][: direction.size],
            *exact,
            *self._rounded,
            twice_penalties,
            gradient,
            self._product,
            no_inputs[0:0].ravel() if by_share is None else by_share,
            no_inputs if by_input is None else by_input,
            no_inputs if by_input is None else np.empty_like(by_input),
            self._by_weight,
            again=False,
        )

    @property
    def _features(self) -> int:
        return self._network.sizes[0]

    def _apart(self, theta: Floats) -> tuple[Floats, Floats | None, Floats | None]:
        """Penalties, example weights, and inputs (N, D) of θ, or of a direction of it."""
        start, weights, inputs = self._penalties, None, None
        if self._weights is not None:
            weights = theta[start : start + self._weights.size]
            start += self._weights.size
        if self._inputs_in_theta:
            inputs = theta[start:].reshape(-1, self._features)
        return theta[: self._penalties], weights, inputs

    def _minibatch(self, t: int) -> Rows:
        chosen, train = self._rows(t), self._train
        if isinstance(chosen, slice):
            start, stop, _ = chosen.indices(train.size)
            count, indices = stop - start, _NONE_CHOSEN
        else:
            start, count, indices = 0, len(chosen), read_only(chosen)
        if self._weights is None:
            shares = self._equal_shares(count)
        else:
            own = self._weights[self._own_weights]
            shares = (own[chosen] / count).astype(self._precision)
        return Rows(*train, indices, start, shares)

    def _everything(self, examples: Examples) -> Rows:
        return Rows(*examples, _NONE_CHOSEN, 0, self._equal_shares(examples.size))

    def _equal_shares(self, count: int) -> Array:
        if count not in self._shares:
            self._shares[count] = np.full(count, 1 / count, self._precision)
        return self._shares[count]

    def _desk(self, rows: Rows, number: int = 0) -> Desk:
        """Where to work on such rows; a second one shares what no direction changes."""
        key = len(rows.shares), len(rows.starts) > 0, number
        if key not in self._desks:
            desk = make_desk(self._network.sizes, self._precision, *key[:2])
            if number:
                first = self._desk(rows)
                desk = desk._replace(inputs=first.inputs, errors=first.errors)
            self._desks[key] = desk
        return self._desks[key]

    def _theta_product(self, chosen: slice | Integers, by_share: Array, by_input: Array) -> Floats:
        """Put the derivatives by penalties, example weights and inputs one after the other."""
        parts = [self._by_weight]
        if self._penalties:
            parts = [self._spread.gather(self._by_weight, self._network.groups)]
        count, features = self._train.size, self._features
        if self.theta_size > self._penalties:
            places = np.arange(count)[chosen]
        if self._weights is not None:
            by_example = np.zeros(self._weights.size)
            own, shares = by_example[self._own_weights], by_share / len(by_share)
            if isinstance(chosen, slice):  # none comes twice
                own[chosen] += shares
            else:
                np.add.at(own, places, shares)
            parts.append(by_example)
        if self._inputs_in_theta:
            by_inputs = np.zeros((count, features))
            np.add.at(by_inputs, places, by_input)
            parts.append(by_inputs.ravel())
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
