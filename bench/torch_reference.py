"""The same hypergradient in PyTorch: reverse mode through the unrolled training."""

from collections.abc import Callable

import numpy as np
import torch

from bench.work import Work


def contender(work: Work) -> tuple[Callable[[], object], Callable[[], list[int]]]:
    """What to run; PyTorch does not tell what it holds on the CPU."""
    network = work.network
    sizes = torch.tensor([group.size for group in network.groups])
    inputs, targets = torch.from_numpy(work.inputs), torch.from_numpy(work.targets)

    def mean_loss(w, x, y):
        z = x
        for layer in range(len(network.sizes) - 1):
            if layer:
                z = torch.tanh(z)
            weights, biases = network.groups[2 * layer : 2 * layer + 2]
            z = z @ w[weights.span].reshape(network.sizes[layer : layer + 2]) + w[biases.span]
        return torch.nn.functional.cross_entropy(z, y)

    def run() -> dict[str, np.ndarray]:
        w0, rates, decays, penalties = (
            torch.from_numpy(array).requires_grad_()
            for array in (work.w0, work.learning_rates, work.decays, work.penalties)
        )
        w, v = w0, torch.zeros_like(w0)
        for t in range(work.iterations):
            batch = work.batch(t)
            loss = mean_loss(w, inputs[batch], targets[batch]) + penalties @ (w * w)
            (g,) = torch.autograd.grad(loss, w, create_graph=True)
            kept = torch.repeat_interleave(decays[t], sizes)
            v = kept * v - (1 - kept) * g
            w = w + torch.repeat_interleave(rates[t], sizes) * v
        objective = mean_loss(w, inputs[work.judged], targets[work.judged])
        gradients = torch.autograd.grad(objective, (w0, rates, decays, penalties))
        names = ("w0", "learning_rates", "decays", "penalties")
        return {name: found.numpy() for name, found in zip(names, gradients, strict=True)}

    return run, list
