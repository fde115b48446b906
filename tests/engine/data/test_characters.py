"""Characters as classes, and the episodes drawn from them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.characters import Characters, characters_of, draw_episodes
from engine.data.drawings import Alphabet, load_drawings

seeds = st.integers(0, 2**32 - 1)


def numbered(classes: int, each: int) -> Characters:
    """Drawings of one pixel, which says which drawing of which character it is."""
    pixels = np.arange(classes * each, dtype=np.float32).reshape(classes, each, 1)
    return Characters(tuple(map(str, range(classes))), pixels, (1, 1))


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(2, 6), st.integers(1, 3), st.integers(1, 3), st.integers(1, 4))
def test_episodes_have_different_classes_and_no_drawing_twice(
    seed: int, ways: int, shots: int, queries: int, count: int
) -> None:
    characters = numbered(classes=7, each=6)
    drawn, chosen = draw_episodes(
        characters,
        np.random.default_rng(seed),
        count=count,
        ways=ways,
        shots=shots,
        queries=queries,
    )
    assert drawn.train.shape == (count, ways * shots, 1)
    assert drawn.queries.shape == (count, ways * queries, 1)
    for j in range(count):
        assert len(set(chosen[j])) == ways
        seen = np.concatenate([drawn.train[j].ravel(), drawn.queries[j].ravel()])
        assert len(set(seen)) == len(seen)
        for pictures, targets in (
            (drawn.train[j], drawn.train_targets[j]),
            (drawn.queries[j], drawn.query_targets[j]),
        ):
            np.testing.assert_array_equal(pictures.ravel() // 6, chosen[j][targets])


def test_turned_copies_are_classes_of_their_own() -> None:
    images = np.random.default_rng(0).random((2, 3, 4, 4)).astype(np.float32)
    found = characters_of([Alphabet("Greek", images), Alphabet("Latin", images[:1, :2])], turns=4)
    assert found.drawings.shape == (12, 2, 16)
    assert found.names[:3] == ("Greek 1", "Greek 2", "Latin 1")
    assert found.names[4] == "Greek 2, turned by 90°"
    turned = found.drawings[4, 1].reshape(4, 4)
    np.testing.assert_array_equal(turned, np.rot90(images[1, 1]))


def test_digits_as_characters_are_two_sets_that_share_none() -> None:
    first, second = load_drawings("digit characters").alphabets
    assert (first.name, second.name) == ("digits 0 to 5", "digits 6 to 9")
    assert first.images.shape == (6, 174, 10, 10)
    assert second.images.shape == (4, 174, 10, 10)
    assert not first.images.flags.writeable
    assert (first.images.min(), first.images.max()) == (0.0, 1.0)
