"""The science of Retrograde: hypergradients by exact reversal, without a window."""
