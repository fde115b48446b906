"""Words of a command as typer reads them: shorter ways to say the same are spelled out."""

from collections.abc import Sequence


def repeat_set(words: Sequence[str]) -> list[str]:
    """Let one ``--set`` take several key=value, as in ``--set a=1 b=2``."""
    repeated: list[str] = []
    in_set = False
    for word in words:
        if in_set and "=" in word and not word.startswith("-") and repeated[-1] != "--set":
            repeated.append("--set")
        in_set = word == "--set" or (in_set and not word.startswith("-"))
        repeated.append(word)
    return repeated


def name_library(words: Sequence[str]) -> list[str]:
    """Let ``--record`` be followed by a file, as in ``--record mine.retrograde``."""
    named: list[str] = []
    for word in words:
        if named[-1:] == ["--record"] and word.endswith(".retrograde"):
            named += ["--library", word]
        elif word.startswith("--record="):
            named += ["--record", "--library", word.removeprefix("--record=")]
        else:
            named.append(word)
    return named
