"""The strategy that an experiment asks for."""

from engine.experiments.experiment import Meta
from engine.search.descent import Adam, MetaOptimizer, MomentumSGD, RMSprop, Sweep


def make_optimizer(meta: Meta) -> MetaOptimizer:
    """A fresh meta-optimizer with an experiment's settings."""
    if meta.optimizer == "sgd":
        return MomentumSGD(meta.step, meta.momentum)
    if meta.optimizer == "sweep":
        return Sweep(meta.step)
    if meta.optimizer == "none":
        return Sweep(0.0)
    if meta.optimizer == "rmsprop":
        return RMSprop(meta.step, meta.memory)
    return Adam(meta.step, meta.beta1, meta.beta2, meta.epsilon, meta.beta1_decay)
