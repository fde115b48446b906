"""Hypergradients of one training run: one file a method."""
