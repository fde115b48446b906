import pytest

from app.plots.switches import Group, Switches

LINES = ["1 weights", "1 biases", "2 weights", "2 biases"]
GROUPS = [
    Group("layer 1", "layer", "1", ("1 weights", "1 biases")),
    Group("layer 2", "layer", "2", ("2 weights", "2 biases")),
    Group("weights", "", "weights", ("1 weights", "2 weights")),
    Group("biases", "", "biases", ("1 biases", "2 biases")),
]


@pytest.fixture
def switches() -> Switches:
    made = Switches()
    made.groups = GROUPS
    return made


def drawn(switches: Switches) -> list[str]:
    return [line for line in LINES if switches.is_on(line)]


def test_groups_that_cross_come_back_as_they_went(switches: Switches) -> None:
    switches.switch("biases", False)
    switches.switch("layer 2", False)
    assert drawn(switches) == ["1 weights"]
    switches.switch("layer 2", True)
    assert drawn(switches) == ["1 weights", "2 weights"]
    assert not switches.is_on("biases")
    switches.switch("biases", True)
    assert drawn(switches) == LINES


def test_a_line_that_is_switched_on_takes_its_groups_apart(switches: Switches) -> None:
    switches.switch("biases", False)
    switches.switch("layer 2", False)
    switches.switch("2 biases", True)
    assert drawn(switches) == ["1 weights", "2 biases"]
    assert switches.is_on("layer 2")


def test_a_group_is_off_once_all_of_its_lines_are_and_brings_them_all_back(
    switches: Switches,
) -> None:
    switches.switch("1 weights", False)
    assert switches.is_on("layer 1")
    switches.switch("1 biases", False)
    assert not switches.is_on("layer 1")
    switches.switch("layer 1", True)
    assert drawn(switches) == LINES


def test_what_is_no_line_is_switched_by_itself(switches: Switches) -> None:
    switches.switch("the last meta-step", False)
    assert not switches.is_on("the last meta-step")
    assert drawn(switches) == LINES


def test_names_that_are_gone_are_forgotten(switches: Switches) -> None:
    switches.switch("old", False)
    switches.switch("layer 1", False)
    switches.keep(LINES)
    assert switches.is_on("old")
    assert not switches.is_on("layer 1")


def test_a_group_stands_for_its_lines_and_a_line_for_itself(switches: Switches) -> None:
    assert switches.meant_by("layer 1") == {"1 weights", "1 biases"}
    assert switches.meant_by("1 weights") == {"1 weights"}
