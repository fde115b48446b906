"""The compiled loops: exact arithmetic, momentum SGD, and the derivatives of dense networks.

They run without the interpreter lock. Nothing here checks its arguments; `engine.arithmetic`,
`engine.dynamics` and `engine.derivatives` do.
"""
