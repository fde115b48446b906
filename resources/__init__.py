"""Icons, experiments and texts; read through `importlib.resources`."""
