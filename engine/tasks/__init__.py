"""What is trained: data sets, splits, minibatches, models and losses."""
