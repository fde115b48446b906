"""Texts that become part of a sentence."""

from engine.sentences import listed


def test_words_stand_in_a_row() -> None:
    assert [listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
