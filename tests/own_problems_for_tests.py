"""Python files with losses of one's own."""

from pathlib import Path

from engine.own.contents import Content, content_of, read_content

PROBLEMS = Path(__file__).parents[1] / "resources" / "problems"

BOWL = '''"""A bowl, whose place is learned."""
import autograd.numpy as np
import numpy
start = numpy.array([1.0, -1.0, 2.0])
theta = {"place": numpy.array([0.5, 0.25, -0.5])}
settings = {"training.iterations": 6, "meta.iterations": 3, "meta.step": 0.1}

def training_loss(w, theta, t):
    return np.sum((w - theta["place"]) ** 2)

def validation_loss(w, theta):
    return np.sum((w - 1.0) ** 2)
'''


def bowl(tmp_path: Path, before: str = "", after: str = "", name: str = "bowl.py") -> Content:
    """A file with the bowl, and lines before or after it."""
    path = tmp_path / name
    path.write_text(before + BOWL + after)
    return read_content(path)


def content(text: str, name: str = "bowl.py") -> Content:
    """Text as a file that is nowhere."""
    return content_of(text, f"/nowhere/{name}")
