"""Families of learning curves, each as a function of the epoch x (Domhan et al. 2015, table 1).

Places are three rows: x, ln x and ln (1 + x), worked out once for all parameters.
"""

import numpy as np

from engine.kernels.compiling import helper

(
    VAPOR_PRESSURE,
    POW3,
    LOG_LOG_LINEAR,
    HILL3,
    LOG_POWER,
    POW4,
    MMF,
    EXP4,
    JANOSCHEK,
    WEIBULL,
    ILOG2,
) = range(11)


@helper()
def add_family(family, p, weight, places, total):  # type: ignore[no-untyped-def]
    """Add weight · f(x) of one family at m places.

    Args:
        family: its number.
        p: its parameters, in the order of `engine.forecasting.families`.
        weight: w.
        places: (3, m).
        total: (m,) what is added to.
    """
    x, log_x, log_1x = places[0], places[1], places[2]
    m = total.size
    if family == POW3:
        for i in range(m):
            total[i] += weight * (p[0] - p[1] * np.exp(-p[2] * log_x[i]))
    elif family == ILOG2:
        for i in range(m):
            total[i] += weight * (p[0] - p[1] / log_1x[i])
    elif family == JANOSCHEK:
        for i in range(m):
            left = np.exp(-p[2] * np.exp(p[3] * log_x[i]))
            total[i] += weight * (p[0] - (p[0] - p[1]) * left)
    elif family == VAPOR_PRESSURE:
        for i in range(m):
            total[i] += weight * np.exp(p[0] + p[1] / x[i] + p[2] * log_x[i])
    elif family == LOG_LOG_LINEAR:
        for i in range(m):
            total[i] += weight * np.log(p[0] * log_x[i] + p[1])
    elif family == HILL3:
        half = p[2] ** p[1]
        for i in range(m):
            power = np.exp(p[1] * log_x[i])
            total[i] += weight * (p[0] * power / (half + power))
    elif family == LOG_POWER:
        for i in range(m):
            total[i] += weight * (p[0] / (1 + np.exp(p[2] * (log_x[i] - p[1]))))
    elif family == POW4:
        for i in range(m):
            total[i] += weight * (p[0] - (p[1] * x[i] + p[2]) ** -p[3])
    elif family == MMF:
        log_rate = np.log(p[2])
        for i in range(m):
            power = np.exp(p[3] * (log_rate + log_x[i]))
            total[i] += weight * (p[0] - (p[0] - p[1]) / (1 + power))
    elif family == EXP4:
        for i in range(m):
            total[i] += weight * (p[0] - np.exp(-p[1] * np.exp(p[3] * log_x[i]) + p[2]))
    elif family == WEIBULL:
        log_rate = np.log(p[2])
        for i in range(m):
            left = np.exp(-np.exp(p[3] * (log_rate + log_x[i])))
            total[i] += weight * (p[0] - (p[0] - p[1]) * left)
