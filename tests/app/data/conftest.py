from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from setup_hall import Hall, Halls


@pytest.fixture
def hall(qtbot: QtBot) -> Iterator[Hall]:
    """One for each test, for the threads that read files end with it."""
    halls = Halls()
    yield halls.enter(qtbot)
    halls.close()
