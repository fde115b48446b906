"""The science of Retrograde: exact-reversal hypergradients, without a window."""
