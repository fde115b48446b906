"""How hyperparameters move."""
