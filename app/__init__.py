"""The window over the engine; the only package that imports Qt."""
