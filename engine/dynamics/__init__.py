"""Training dynamics: one step, its exact inverse, and its adjoint."""
