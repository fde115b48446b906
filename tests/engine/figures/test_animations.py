import io
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from plots_for_tests import PLOTS, class_map, level_map, lines, pictures

from engine.figures.animations import MOTIONS, Motion, animate, captioned, meta_iterations_in_words
from engine.figures.figure import SIZES, Size, draw
from engine.plots import AnyPlot, Plot, Showing

either_kind = pytest.mark.parametrize("kind", MOTIONS)


def growing(count: int) -> list[Plot]:
    """Lines that come out of nothing; the second one later than the first."""
    whole = lines(2)
    made = []
    for number in range(count):
        scale = (number + 1) / count
        first, second = (replace(line, y=scale * line.y) for line in whole.lines)
        made.append(replace(whole, lines=(first, second) if number else (first,)))
    return made


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def pixels_of(content: bytes) -> list[NDArray[np.uint8]]:
    image = opened(content)
    made = []
    for number in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(number)
        made.append(np.asarray(image.convert("RGB")))
    return made


@either_kind
def test_there_are_as_many_frames_as_plots_each_for_its_time(kind: Motion) -> None:
    image = opened(animate(growing(4), kind, "column", 0.25, seconds_at_end=1.5))
    durations = []
    for number in range(4):
        image.seek(number)
        durations.append(image.info["duration"])
    assert image.n_frames == 4  # type: ignore[attr-defined]
    assert durations == [250, 250, 250, 1500]
    assert image.format == {"gif": "GIF", "apng": "PNG"}[kind]


@either_kind
def test_it_starts_again_only_if_it_is_to(kind: Motion) -> None:
    forever, once = (
        opened(animate(growing(2), kind, "column", loop=loop)) for loop in (True, False)
    )
    assert forever.info["loop"] == 0
    assert once.info.get("loop") == {"gif": None, "apng": 1}[kind]


@either_kind
def test_an_animation_is_the_same_bytes_each_time(kind: Motion) -> None:
    assert animate(growing(2), kind, "column") == animate(growing(2), kind, "column")


@pytest.mark.parametrize("size", list(SIZES))
def test_a_frame_is_as_large_as_its_size_asks_for(size: Size) -> None:
    [frame] = pixels_of(animate(growing(1), "apng", size))
    look = SIZES[size]
    inches = draw(captioned(growing(1)[0], "meta-iteration 1 of 1"), size).get_size_inches()
    assert frame.shape[1] == look.width * look.moving_dots
    assert frame.shape[0] == pytest.approx(inches[1] * look.moving_dots, abs=1)


def frame_around(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Left and below the axes: the ticks and labels."""
    return np.concatenate([pixels[150:, :55].ravel(), pixels[-90:, :].ravel()])


@either_kind
def test_axes_stay_where_they_are_while_lines_move(kind: Motion) -> None:
    first, *others = pixels_of(animate(growing(4), kind, "column"))
    for other in others:
        np.testing.assert_array_equal(frame_around(other), frame_around(first))
        assert (other != first).any()


def test_the_caption_counts_the_meta_iterations() -> None:
    assert meta_iterations_in_words([0, 9], 10) == [
        "meta-iteration \N{FIGURE SPACE}0 of 10",
        "meta-iteration \N{FIGURE SPACE}9 of 10",
    ]
    plot = captioned(lines(), "meta-iteration 1 of 2")
    assert plot.caption == "meta-iteration 1 of 2: a caption"
    assert captioned(replace(lines(), caption=""), "here").caption == "here"


def test_the_last_frame_shows_the_last_plot_in_full_colour() -> None:
    frames = growing(3)
    last = pixels_of(animate(frames, "apng", "column", names=["a", "b", "c"]))[-1]
    again = pixels_of(animate([frames[0], frames[-1]], "apng", "column", names=["a", "c"]))[-1]
    np.testing.assert_array_equal(last, again)


@pytest.mark.parametrize(
    "frames",
    [
        growing(3),
        [replace(pictures(3), limits=(-scale, scale)) for scale in (1.0, 2.0, 3.0)],
        [replace(level_map(), values=scale * level_map().values) for scale in (1.0, 2.0, 3.0)],
        [class_map()] * 3,
    ],
    ids=["lines", "pictures", "levels", "classes"],
)
def test_a_gif_is_close_to_full_colour_and_has_no_specks(frames: list[AnyPlot]) -> None:
    gif, full = (pixels_of(animate(frames, kind, "column")) for kind in ("gif", "apng"))
    for coarse, fine in zip(gif, full, strict=True):
        off = np.abs(coarse.astype(int) - fine).max(axis=-1)
        assert off.mean() < 2
        assert np.quantile(off, 0.999) < 40
        white = (fine == 255).all(axis=-1)
        assert (coarse[white] == 255).all()


@pytest.mark.parametrize("name", list(PLOTS))
def test_every_kind_of_plot_can_be_animated(name: str) -> None:
    content = animate([PLOTS[name]] * 2, "gif", "column")
    assert opened(content).n_frames == 2  # type: ignore[attr-defined]


def test_progress_counts_the_frames_and_can_break_off() -> None:
    seen: list[int] = []
    animate(growing(3), "apng", "column", progress=seen.append)
    assert seen == [1, 2, 3]

    class EnoughError(Exception):
        pass

    def stop(done: int) -> None:
        seen.append(done)
        if done == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        animate(growing(3), "gif", "column", progress=stop)
    assert seen[3:] == [1, 2]


@either_kind
def test_frames_are_shown_as_the_plot_is(kind: Motion) -> None:
    plots = growing(2)
    hidden = frozenset([plots[-1].lines[1].name])
    bare = [replace(plot, lines=plot.lines[:1]) for plot in plots]
    without = animate(plots, kind, "column", showing=Showing(hidden=hidden))
    assert without == animate(bare, kind, "column")
    zoomed = animate(plots, kind, "column", showing=Showing(y_range=(0.0, 0.5)))
    assert zoomed != animate(plots, kind, "column")
