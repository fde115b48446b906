"""Derivatives of several networks whose parameters are mixtures: weight sharing, by hand.

Each of n tasks has a network of the same shape. Its parameters are not elementary: layer by layer,
w = A z, where row i of w belongs to task i, row j of z to the j-th set of elementary parameters,
and A is the layer's (n, n) matrix. With g_w the networks' gradients, U = A u for a direction u, and
H U their second derivatives along it,

    g_z = Aᵀ g_w + 2 λ z        ∇_z (g_z · u) = Aᵀ (H U) + 2 λ u
    ∇_A (g_z · u) = g_w uᵀ + (H U) zᵀ        ∂/∂λ (g_z · u) = 2 z · u

The networks' own derivatives come from `NetworkOracle`, a task at a time.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TypeVar

import numpy as np

from engine.arrays import Floats, Integers
from engine.derivatives.hessian import Hessian
from engine.derivatives.models import Network
from engine.derivatives.network_oracle import NetworkOracle
from engine.groups import ParameterGroup
from engine.hyperparameters.l2_penalties import SPREADS, check_penalties
from engine.kernels import mixing
from engine.kernels.examples import Examples, read_only
from engine.kernels.mixing import Penalties, Stretches

Job = TypeVar("Job")

_NOTHING = read_only(np.zeros(0))
_LONGEST_STRETCH = 1024  # parameters of a network: of all tasks, and all that is asked of them
_HANDFULS = 16  # in how many jobs the stretches are done
_WORTH_THREADS = 50_000_000  # multiplications of all tasks, five milliseconds


class SharingOracle:
    """The derivative oracle of n networks that share parameters.

    The training loss is the sum over tasks of the mean loss over the task's training examples,
    plus Σ λ z². The objective is the mean over tasks of the mean loss over the examples it is
    judged on. (Both are as in the authors' program: meta steps mean the same here.) θ holds the
    penalties λ, then the matrices A. Full batch: t makes no difference.

    Args:
        network: of each task.
        examples: of all tasks; in whose precision the networks are worked through.
        train: n slices of the examples, a task each.
        judged: n slices: what the objective is judged on.
        penalties: λ, as many as their granularity says; empty for none.
        sharing: (L, n, n) A of each layer.
        penalty_granularity: "one", "group" (of all tasks together) or "weight".
        team: threads that may share the tasks; results do not depend on it.
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        train: Sequence[slice],
        judged: Sequence[slice],
        penalties: Floats,
        sharing: Floats,
        *,
        penalty_granularity: str = "one",
        team: int = 1,
    ) -> None:
        self._tasks = len(train)
        self._sharing = read_only(sharing)
        self._unsharing = read_only(sharing.transpose(0, 2, 1))
        self.theta = read_only(np.concatenate([penalties, sharing.ravel()]))
        self._make = partial(
            SharingOracle,
            network,
            examples,
            train,
            judged,
            penalty_granularity=penalty_granularity,
            team=team,
        )
        self._stretches, self._groups = _stretches(network.groups, self._tasks)
        count = len(self._groups)
        edges = np.unique(np.linspace(0, count, _HANDFULS + 1, dtype=np.int64)).tolist()
        self._handfuls = list(pairwise(edges))
        slices = (*train, *judged)
        self._longest_first = sorted(
            range(self._tasks), key=lambda task: train[task].start - train[task].stop
        )
        alone = network.size * examples.size < _WORTH_THREADS
        self._networks = [
            NetworkOracle(network, examples, slices.__getitem__, examples, np.zeros(0))
            for _ in range(1 if alone else min(team, self._tasks))
        ]
        size = self._tasks * network.size
        self._penalties = penalties.size
        self._network_groups = network.groups
        self._all_groups = groups_of_all(network.groups, self._tasks)
        check_penalties(penalties, penalty_granularity, self._all_groups)
        self._granularity = penalty_granularity
        self._twice_penalties = self._for_kernels(2 * penalties)
        shape, precision = (2, self._tasks, network.size), examples.inputs.dtype
        self._mixed, self._mixed_direction = np.empty(shape, precision)
        self._gradient, self._gradient_again, self._product = np.empty((3, size))
        self._by_weight = np.empty(self._twice_penalties.of_weights.size)
        self._by_matrix = np.zeros((count, self._tasks, self._tasks))
        self._by_penalty = np.zeros(count)

    @property
    def theta_size(self) -> int:
        """M."""
        return self.theta.size

    def at(self, theta: Floats) -> "SharingOracle":
        """The same losses at another θ."""
        return self._make(*self._apart(theta))

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        """The training loss, and its gradient by the elementary parameters (P,)."""
        self._mix(w, self._mixed)
        loss = self._differentiate_tasks(0).sum()
        penalties = self._unmix(w, self._twice_penalties, self._gradient)
        return float(loss + penalties), self._gradient

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """∇_w L, and ∇_w and ∇_θ of its dot product with ``direction``; see `Oracle`."""
        self._mix(w, self._mixed)
        self._mix(direction, self._mixed_direction)
        self._differentiate_tasks_twice()

        def unmix(handful: tuple[int, int], _: int) -> None:
            mixing.differentiate(
                self._unsharing,
                self._mixed,
                self._mixed_direction,
                read_only(w),
                read_only(direction),
                self._twice_penalties,
                self._stretches,
                *handful,
                self._gradient_again,
                self._product,
                self._by_matrix,
                self._by_penalty,
                self._by_weight,
            )

        self._share_out(self._handfuls, unmix)
        return self._gradient_again, self._product, self._theta(self._gather_by_penalty())

    def gradient_and_hessian(self, w: Floats, t: int) -> tuple[float, Floats, Hessian]:
        """The loss, ∇_w L, and ∂²L/∂w² at w; see `Oracle`."""

        def times(directions: Sequence[Floats] | Floats) -> Floats:
            products = (self.gradient_and_products(w, t, u)[1] for u in directions)
            return np.array([product.copy() for product in products])

        return *self.gradient(w, t), Hessian(w.size, times)

    def mixed_product(self, w: Floats, t: int, theta_direction: Floats) -> Floats:
        """(P,) ∂²L/∂w∂θ times a direction of θ: Ȧᵀ g_w + Aᵀ H (Ȧ z) + 2 λ̇ z."""
        penalties, sharing = self._apart(theta_direction)
        self._mix(w, self._mixed)
        self._mixed_direction[:] = mix(w, sharing, self._network_groups)
        self._differentiate_tasks_twice()
        back, moved_back = self._sharing.transpose(0, 2, 1), sharing.transpose(0, 2, 1)
        product = np.empty_like(self._product)
        for index, group in enumerate(self._network_groups):
            by_task = (
                moved_back[index // 2] @ self._mixed[:, group.span]
                + back[index // 2] @ self._mixed_direction[:, group.span]
            )
            product[self._all_groups[index].span] = by_task.ravel()
        if penalties.size:
            product += SPREADS[self._granularity].scale(2 * penalties, self._all_groups, w)
        return product

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        """f(w, θ), ∇_w f (P,) and ∇_θ f (M,)."""
        self._mix(w, self._mixed)
        value = self._differentiate_tasks(self._tasks).mean()
        self._mixed /= self._tasks
        gradient = np.empty_like(self._gradient)
        self._unmix(w, Penalties(_NOTHING, _NOTHING), gradient)
        for handful in self._handfuls:
            mixing.differentiate_by_matrix(
                self._mixed, read_only(w), self._stretches, *handful, self._by_matrix
            )
        return float(value), gradient, self._theta(np.zeros(self._penalties))

    def objective_value(self, w: Floats) -> float:
        """f(w, θ) alone."""
        self._mix(w, self._mixed)
        return float(self._differentiate_tasks(self._tasks).mean())

    def _apart(self, theta: Floats) -> tuple[Floats, Floats]:
        """Penalties, and matrices (L, n, n), of θ or of a direction of it."""
        return theta[: self._penalties], theta[self._penalties :].reshape(self._sharing.shape)

    def _mix(self, vector: Floats, mixed: Floats) -> None:
        """Fill (n, …) with A times a vector like z."""

        def mix(handful: tuple[int, int], _: int) -> None:
            mixing.mix(self._sharing, read_only(vector), self._stretches, *handful, mixed)

        self._share_out(self._handfuls, mix)

    def _unmix(self, w: Floats, twice_penalties: Penalties, gradient: Floats) -> float:
        """Fill the gradient by z; returns what the penalties add to the loss."""

        def unmix(handful: tuple[int, int], _: int) -> None:
            mixing.unmix(
                self._unsharing,
                self._mixed,
                read_only(w),
                twice_penalties,
                self._stretches,
                *handful,
                gradient,
                self._by_penalty,
            )

        self._share_out(self._handfuls, unmix)
        return float(self._by_penalty.sum())

    def _differentiate_tasks(self, first: int) -> Floats:
        """Turn each task's parameters into its loss's gradient; returns the (n,) losses.

        Args:
            first: which slice of the examples is the first task's.
        """
        losses = np.empty(self._tasks)

        def differentiate(task: int, member: int) -> None:
            network = self._networks[member]
            losses[task], self._mixed[task] = network.gradient(self._mixed[task], first + task)

        self._share_out(self._longest_first, differentiate)
        return losses

    def _differentiate_tasks_twice(self) -> None:
        """Turn parameters into gradients, and directions into second derivatives along them."""

        def differentiate(task: int, member: int) -> None:
            network = self._networks[member]
            self._mixed[task], self._mixed_direction[task], _ = network.gradient_and_products(
                self._mixed[task], task, self._mixed_direction[task]
            )

        self._share_out(self._longest_first, differentiate)

    def _for_kernels(self, twice_penalties: Floats) -> Penalties:
        """Penalties as the kernels read them: a stretch each, or a parameter each."""
        if not twice_penalties.size:
            return Penalties(_NOTHING, _NOTHING)
        if self._granularity == "weight":
            return Penalties(_NOTHING, read_only(twice_penalties))
        groups = self._groups[-1] + 1
        return Penalties(read_only(np.resize(twice_penalties, groups)[self._groups]), _NOTHING)

    def _gather_by_penalty(self) -> Floats:
        """The derivatives by penalties, of what the stretches left."""
        if self._granularity == "weight":
            return self._by_weight
        if self._granularity == "one":
            return np.full(self._penalties, self._by_penalty.sum())
        by_group = np.zeros(self._penalties)
        if self._penalties:
            np.add.at(by_group, self._groups, self._by_penalty)
        return by_group

    def _theta(self, by_penalty: Floats) -> Floats:
        """Put the derivatives by penalties and by the matrices one after the other."""
        by_sharing = np.zeros_like(self._sharing)
        np.add.at(by_sharing, self._stretches.layers, self._by_matrix)
        return np.concatenate([by_penalty, by_sharing.ravel()])

    def _share_out(self, jobs: Sequence[Job], work: Callable[[Job, int], None]) -> None:
        """Do jobs in as many threads as there are networks to work with.

        Args:
            jobs: what is to be done.
            work: takes a job, and which thread it is that does it.
        """
        remaining = iter(list(jobs))  # a list's iterator gives each job once

        def help_out(member: int) -> None:
            for job in remaining:
                work(job, member)

        helpers = range(1, len(self._networks))
        if not helpers:
            help_out(0)
            return
        with ThreadPoolExecutor(len(helpers), "retrograde-task") as pool:
            helping = [pool.submit(help_out, member) for member in helpers]
            help_out(0)
            for one in helping:
                one.result()


def groups_of_all(groups: Sequence[ParameterGroup], tasks: int) -> tuple[ParameterGroup, ...]:
    """The parameter groups of all tasks together, of those of one network."""
    return tuple(
        replace(group, start=tasks * group.start, stop=tasks * group.stop) for group in groups
    )


def mix(z: Floats, sharing: Floats, groups: Sequence[ParameterGroup]) -> Floats:
    """The parameters of each task's network.

    Args:
        z: elementary parameters, group by group, and in each task by task.
        sharing: (L, n, n) A of each layer.
        groups: of one network: weights and biases of every layer.

    Returns:
        (n, parameters of one network).
    """
    n = sharing.shape[1]
    blocks = [z[n * group.start : n * group.stop].reshape(n, -1) for group in groups]
    return np.concatenate([sharing[i // 2] @ block for i, block in enumerate(blocks)], axis=1)


def _stretches(groups: Sequence[ParameterGroup], tasks: int) -> tuple[Stretches, Integers]:
    """The stretches of the groups of one network, and which group each belongs to."""
    rows = [
        (index, tasks * group.start + first, group.size, group.start + first, last - first)
        for index, group in enumerate(groups)
        for first in range(0, group.size, _LONGEST_STRETCH)
        for last in (min(first + _LONGEST_STRETCH, group.size),)
    ]
    index, places, strides, columns, counts = np.array(rows, np.int64).T.copy()
    return Stretches(index // 2, places, strides, columns, counts), index
