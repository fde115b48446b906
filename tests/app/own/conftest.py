"""What tests of a person's own problems trust is forgotten after each."""

from collections.abc import Iterator

import pytest

from engine.own import trusted


@pytest.fixture(autouse=True)
def _own_consents(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setattr("app.own.consents.user_data_path", lambda _: folder)
    before = dict(trusted._GRANTED), set(trusted._HERE)
    yield
    for registry, was in zip((trusted._GRANTED, trusted._HERE), before, strict=True):
        registry.clear()
        registry.update(was)
