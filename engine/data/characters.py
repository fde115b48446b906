"""Characters, each a class with drawings of its own, and few-shot episodes drawn from them.

Lake, Salakhutdinov and Tenenbaum (2015) made Omniglot for this: a few classes that were never seen
before are to be learned from a drawing or two of each.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.data.drawings import Alphabet
from engine.derivatives.episodes_oracle import Episodes

_TURNS = ("", ", turned by 90°", ", turned by 180°", ", turned by 270°")


class Characters(NamedTuple):
    """Classes to draw episodes from.

    Attributes:
        names: of each.
        drawings: (classes, drawings, pixels) float32.
        shape: (height, width) of a drawing.
    """

    names: tuple[str, ...]
    drawings: NDArray[np.float32]
    shape: tuple[int, int]


def characters_of(alphabets: Sequence[Alphabet], turns: int = 1) -> Characters:
    """The characters of alphabets, and turned copies of them, each as a class of its own.

    Args:
        alphabets: one or more; of every character the same number of drawings is used.
        turns: in how many directions each character stands: 1 to 4, a quarter of a turn apart.
    """
    fewest = min(alphabet.images.shape[1] for alphabet in alphabets)
    upright = np.concatenate([alphabet.images[:, :fewest] for alphabet in alphabets])
    names = [
        f"{alphabet.name} {number + 1}"
        for alphabet in alphabets
        for number in range(len(alphabet.images))
    ]
    turned = [np.rot90(upright, turn, axes=(2, 3)) for turn in range(turns)]
    drawings = np.ascontiguousarray(np.concatenate(turned))
    drawings.setflags(write=False)
    height, width = drawings.shape[2:]
    return Characters(
        tuple(f"{name}{turn}" for turn in _TURNS[:turns] for name in names),
        drawings.reshape(*drawings.shape[:2], -1),
        (height, width),
    )


def draw_episodes(
    characters: Characters,
    random: np.random.Generator,
    *,
    count: int,
    ways: int,
    shots: int,
    queries: int,
) -> tuple[Episodes, NDArray[Any]]:
    """Draw episodes: a few characters each, and for each of them a few drawings.

    Args:
        characters: to draw from.
        random: decides.
        count: J, how many episodes.
        ways: characters of an episode.
        shots: drawings of each that its classifier learns from.
        queries: other drawings of each that it is judged on.

    Returns:
        The episodes, and (J, ways) which characters they are of.
    """
    classes, each, pixels = characters.drawings.shape
    chosen = np.array([random.choice(classes, ways, replace=False) for _ in range(count)])
    order = random.random((count, ways, each)).argpartition(shots + queries - 1, axis=2)
    places = order[:, :, : shots + queries]
    drawings = characters.drawings[chosen[:, :, None], places]
    targets = np.arange(ways)
    return (
        Episodes(
            drawings[:, :, :shots].reshape(count, -1, pixels),
            np.tile(np.repeat(targets, shots), (count, 1)),
            drawings[:, :, shots:].reshape(count, -1, pixels),
            np.tile(np.repeat(targets, queries), (count, 1)),
            ways,
        ),
        chosen,
    )
