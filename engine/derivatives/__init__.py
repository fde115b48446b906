"""The derivatives that a hypergradient needs of a training loss and an objective."""
