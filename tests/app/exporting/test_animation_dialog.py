from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from plots_for_tests import lines, pictures
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.application import make_application
from app.exporting.animation_dialog import AnimationDialog, MovingPlot
from engine.figures.animations import animate, meta_iterations_in_words
from engine.plots import AnyPlot, Showing

PATIENCE = 30_000


def wave_at(meta_iteration: int) -> AnyPlot:
    plot = lines(2)
    grown = tuple(replace(line, y=line.y * (1 + meta_iteration)) for line in plot.lines)
    return replace(plot, lines=grown)


def pictures_at(meta_iteration: int) -> AnyPlot:
    return replace(pictures(2), caption=f"after {meta_iteration}")


def opened(
    qtbot: QtBot, folder: Path, meta_iterations: int = 5, at: Callable[[int], AnyPlot] = wave_at
) -> AnimationDialog:
    make_application()
    plots = [MovingPlot("waves", "Waves", at), MovingPlot("pictures", "Pictures", pictures_at)]
    made = AnimationDialog(plots, meta_iterations)
    made.folder.setText(str(folder))
    made.size_box.setCurrentIndex(0)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[AnimationDialog]:
    made = opened(qtbot, tmp_path / "moving")
    yield made
    made.reject()


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


def type_number(qtbot: QtBot, box: QSpinBox, number: int) -> None:
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, str(number))


def export(qtbot: QtBot, dialog: AnimationDialog) -> list[str]:
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE) as exported:
        click(qtbot, dialog.write)
    return list(exported.args[0])


def frames_of(path: str | Path) -> list[int]:
    """How long each frame stays, in milliseconds."""
    with Image.open(path) as image:
        durations = []
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            durations.append(round(image.info["duration"]))
    return durations


def test_a_plot_is_written_with_a_frame_for_each_meta_iteration(
    dialog: AnimationDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    type_number(qtbot, dialog.speed, 5)
    assert dialog.summary.text() == "5 frames, the last of 1.5 s: 2.3 s, as waves.gif"
    [path] = export(qtbot, dialog)
    assert path == str(tmp_path / "moving" / "waves.gif")
    assert frames_of(path) == [200, 200, 200, 200, 1500]
    assert dialog.outcome.text.text() == "1 file exported."


def test_frames_look_as_the_plot_does_in_the_window_unless_all_of_it_is_wanted(
    qtbot: QtBot, tmp_path: Path
) -> None:
    hidden = Showing(hidden=frozenset([lines(2).lines[0].name]))
    make_application()
    made = AnimationDialog([MovingPlot("waves", "Waves", wave_at, hidden)], 2, None, tmp_path)
    qtbot.addWidget(made)
    made.open()
    contents = []
    for folder in ("as shown", "whole"):
        made.folder.setText(str(tmp_path / folder))
        [path] = export(qtbot, made)
        contents.append(Path(path).read_bytes())
        click(qtbot, made.as_shown)
    names = meta_iterations_in_words([0, 1], 2)
    kept = {"names": names, "seconds_per_frame": 0.1, "seconds_at_end": 1.5}
    frames = [wave_at(0), wave_at(1)]
    assert contents == [
        animate(frames, "gif", made.chosen_size, showing=hidden, **kept),
        animate(frames, "gif", made.chosen_size, **kept),
    ]
    made.reject()


def test_another_plot_format_and_stride_can_be_chosen(
    dialog: AnimationDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(dialog.plot, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.kind, Qt.Key.Key_Down)
    type_number(qtbot, dialog.every, 2)
    click(qtbot, dialog.loop)
    assert dialog.summary.text() == "3 frames, the last of 1.5 s: 1.7 s, as pictures.apng"
    [path] = export(qtbot, dialog)
    assert path == str(tmp_path / "moving" / "pictures.apng")
    assert frames_of(path) == [100, 100, 1500]
    with Image.open(path) as image:
        assert image.info["loop"] == 1


def test_the_last_meta_iteration_is_always_shown(qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[int] = []

    def at(meta_iteration: int) -> AnyPlot:
        asked.append(meta_iteration)
        return wave_at(meta_iteration)

    dialog = opened(qtbot, tmp_path, 6, at)
    qtbot.waitUntil(lambda: bool(asked) and not dialog.preview.is_drawing, timeout=PATIENCE)
    assert asked == [5], "the preview is drawn once, at the size that it has"
    asked.clear()
    type_number(qtbot, dialog.every, 4)
    export(qtbot, dialog)
    assert asked == [1, 5]


def test_long_runs_are_thinned_to_a_hundred_frames_at_first(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, tmp_path, 1000)
    assert dialog.every.value() == 10
    assert dialog.summary.text().startswith("100 frames, ")
    assert dialog.every.minimum() == 5
    dialog.reject()


def test_the_preview_shows_the_last_frame_of_the_chosen_plot(
    dialog: AnimationDialog, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: not dialog.preview.image.isNull(), timeout=PATIENCE)
    first = dialog.preview.image
    with qtbot.waitSignal(dialog.preview.drawn, timeout=PATIENCE):
        qtbot.keyClick(dialog.plot, Qt.Key.Key_Down)
    assert dialog.preview.image != first
    assert dialog.preview.accessibleDescription() == "Pictures"


def test_escape_breaks_off_and_leaves_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, tmp_path / "moving", 100)
    exported: list[object] = []
    dialog.exported.connect(exported.append)
    click(qtbot, dialog.write)
    qtbot.waitUntil(lambda: dialog.progress.value() >= 2, timeout=PATIENCE)
    assert dialog.progress.format().endswith("of 100: frames")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not (tmp_path / "moving").exists()
    assert not exported


def test_a_folder_that_cannot_be_written_to_is_named(
    dialog: AnimationDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("mine")
    dialog.folder.setText(str(tmp_path / "taken"))
    click(qtbot, dialog.write)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE)
    assert dialog.problem.text().startswith(f"{tmp_path / 'taken'}: expected a folder")
    assert dialog.write.isEnabled()


def test_a_plot_that_cannot_be_had_is_said_in_one_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    def at(meta_iteration: int) -> AnyPlot:
        raise ValueError("nothing is left of that")

    dialog = opened(qtbot, tmp_path, 5, at)
    click(qtbot, dialog.write)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE)
    assert dialog.problem.text() == "ValueError: nothing is left of that"
    assert dialog.write.isEnabled()
    dialog.reject()


def test_without_a_meta_iteration_there_is_nothing_to_write(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, tmp_path, 0)
    assert not dialog.write.isEnabled()
    assert dialog.summary.text() == "No meta-iteration is complete yet."
    dialog.reject()


def test_the_next_dialog_starts_as_the_last_one_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(qtbot, tmp_path, 2)
    qtbot.keyClick(dialog.kind, Qt.Key.Key_Down)
    type_number(qtbot, dialog.speed, 7)
    click(qtbot, dialog.loop)
    export(qtbot, dialog)
    again = AnimationDialog([MovingPlot("waves", "Waves", partial(wave_at))], 2)
    qtbot.addWidget(again)
    assert again.kind.currentData() == "apng"
    assert again.speed.value() == 7
    assert not again.loop.isChecked()
    assert again.folder.text() == str(tmp_path)
    again.shut_down()


def test_enter_exports(dialog: AnimationDialog, qtbot: QtBot) -> None:
    dialog.speed.setFocus()
    with qtbot.waitSignal(dialog.exported, timeout=PATIENCE):
        qtbot.keyClick(dialog.speed, Qt.Key.Key_Return)


def test_everything_has_a_name_and_a_tip(dialog: AnimationDialog) -> None:
    for part in (dialog.plot, dialog.size_box, dialog.kind, dialog.speed, dialog.every):
        assert part.accessibleName()
        assert part.toolTip()
    assert dialog.loop.accessibleDescription()
