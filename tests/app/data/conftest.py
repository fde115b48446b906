import pytest
from setup_hall import Hall


@pytest.fixture
def hall(fresh_hall: Hall) -> Hall:
    return fresh_hall
