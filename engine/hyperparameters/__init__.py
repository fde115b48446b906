"""Hyperparameters: their kinds, domains, values, and one vector of what is free."""
