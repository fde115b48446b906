from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from setup_hall import Hall, opened


@pytest.fixture
def hall(qtbot: QtBot) -> Iterator[Hall]:
    with opened(qtbot) as made:
        yield made
