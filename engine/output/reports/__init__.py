"""Reports of runs and comparisons: what they say, as HTML and as PDF."""
