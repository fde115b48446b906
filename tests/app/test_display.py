import sys

import pytest

from app.display import why_no_window

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="there is always a display here")


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "QT_PLUGIN_PATH", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("platform", ["nonsense", "nonsense:size=3", "a;b"])
def test_a_platform_that_qt_does_not_have_is_named_with_those_it_has(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    reason = why_no_window()
    assert reason.startswith("QT_QPA_PLATFORM: expected one of ")
    assert "offscreen" in reason
    assert reason.endswith(f"found {platform!r}")


@pytest.mark.parametrize("platform", ["offscreen", "offscreen:size=800x600", "nonsense;minimal"])
def test_a_platform_without_a_display_needs_none(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert why_no_window() == ""


@on_linux
def test_without_a_display_there_is_no_window() -> None:
    assert why_no_window() == "No display is available to open a window"


@on_linux
def test_a_display_on_which_nobody_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.display.missing_packages", lambda libraries: [])
    monkeypatch.setenv("DISPLAY", ":4711")
    assert why_no_window() == "The display :4711 does not answer"
