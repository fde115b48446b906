"""Data sets: built in, from files, fetched; how they are split and dealt out in minibatches."""
