"""What cards say in their one sentence."""

import re

import pytest

from engine.experiments.files import list_experiments

SHIPPED = list_experiments()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_first_sentence_alone_says_what_one_sees(name: str) -> None:
    """A list of things, as in "128 learning rates and decays.", tells nobody anything."""
    first = re.split(r"(?<=[.!?]) ", SHIPPED[name].description, maxsplit=1)[0]
    assert len(first.split()) >= 8
