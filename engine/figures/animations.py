"""Moving pictures of a plot over the meta-iterations, as GIF or animated PNG.

All frames share one layout and one set of limits, so that nothing moves but what the run moved.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, get_args

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import KDTree

from engine.figures.figure import Sheet
from engine.figures.style import GREY, GRID, INK, SIZES, Size, drawing
from engine.plots import AS_THE_PLOT_SAYS, PALETTE, AnyPlot, Showing

Motion = Literal["gif", "apng"]
MOTIONS: Final[tuple[Motion, ...]] = get_args(Motion)

_LARGEST, _OTHERS = 80, 160  # colours of a GIF: of its largest areas, and of all between
_SAMPLES = 6  # frames that the palette is chosen from
_BITS = 6  # of each of red, green and blue, that a colour's place in the palette is looked up by


def animate(
    frames: Sequence[AnyPlot],
    kind: Motion,
    size: Size = "page",
    seconds_per_frame: float = 0.2,
    *,
    names: Sequence[str] | None = None,
    loop: bool = True,
    seconds_at_end: float | None = None,
    showing: Showing = AS_THE_PLOT_SAYS,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """Plots as the frames of a moving picture, the content of a file.

    Args:
        frames: one plot after the other, all of one kind; at least one.
        kind: "gif", with one palette of colours for all frames, or "apng" in full colour.
        size: what for.
        seconds_per_frame: how long each frame stays; a GIF counts hundredths of a second.
        names: what the captions call the frames; None: "meta-iteration 0 of 50" and so on.
        loop: whether it starts again at its end.
        seconds_at_end: how long the last frame stays; None: as long as the others.
        showing: how the plots are shown.
        progress: told after each frame how many are drawn; what it raises breaks off the drawing.
    """
    names = names or meta_iterations_in_words(range(len(frames)), len(frames))
    frames = [captioned(showing.of(plot), name) for plot, name in zip(frames, names, strict=True)]
    images = _drawn(frames, size, showing, progress or (lambda _: None))
    milliseconds = [max(20, 10 * round(100 * seconds_per_frame))] * len(frames)
    if seconds_at_end is not None:
        milliseconds[-1] = max(20, 10 * round(100 * seconds_at_end))
    content = io.BytesIO()
    settings: dict[str, Any] = {"save_all": True, "duration": milliseconds}
    if kind == "gif":
        samples = np.unique(np.linspace(0, len(frames) - 1, _SAMPLES).round().astype(int))
        palette = _Palette(_drawn([frames[i] for i in samples], size, showing, lambda _: None))
        flat = map(palette.flatten, images)
        settings |= {"loop": 0} if loop else {}
        settings |= {"optimize": False, "palette": palette.entries, "disposal": 1}
        next(flat).save(content, "GIF", append_images=flat, **settings)
    else:
        first = next(images)
        kept = _Kept(images)
        first.save(content, "PNG", append_images=kept, loop=0 if loop else 1, **settings)
    return content.getvalue()


def meta_iterations_in_words(chosen: Sequence[int], total: int) -> list[str]:
    """Names of meta-iterations for captions, all equally wide; 0 is the start."""
    width = len(f"{total:,}")
    return [f"meta-iteration {index:\N{FIGURE SPACE}>{width},} of {total:,}" for index in chosen]


def captioned(plot: AnyPlot, name: str) -> AnyPlot:
    """A plot with the name of a frame in front of its caption."""
    return replace(plot, caption=f"{name}: {plot.caption}" if plot.caption else name)


def _drawn(
    frames: Sequence[AnyPlot], size: Size, showing: Showing, progress: Callable[[int], None]
) -> Iterator[Image.Image]:
    look = SIZES[size]
    with drawing(look):
        sheet = Sheet(frames, look, showing)
        sheet.figure.set_dpi(look.moving_dots)
        canvas = FigureCanvasAgg(sheet.figure)
    for index, plot in enumerate(frames):
        with drawing(look):
            sheet.show(plot)
            canvas.draw()  # type: ignore[no-untyped-call]
            image = Image.fromarray(np.asarray(canvas.renderer.buffer_rgba())[..., :3])
        progress(index + 1)
        yield image


class _Kept:
    """Images in little memory, to be gone through as often as Pillow likes."""

    def __init__(self, images: Iterator[Image.Image]) -> None:
        self._contents = []
        for image in images:
            content = io.BytesIO()
            image.save(content, "PNG", compress_level=1)
            self._contents.append(content.getvalue())

    def __iter__(self) -> Iterator[Image.Image]:
        for content in self._contents:
            yield Image.open(io.BytesIO(content))


class _Palette:
    """The colours of a GIF, one set for all frames; no dithering, which would speckle lines.

    Args:
        samples: what the colours are chosen from.

    Attributes:
        entries: red, green, blue of each colour in turn.
    """

    def __init__(self, samples: Iterator[Image.Image]) -> None:
        levels = np.linspace(0, 255, 1 << _BITS)
        cells = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
        areas = np.zeros(len(cells), np.int64)
        for image in samples:
            areas += np.bincount(_cells_of(image).ravel(), minlength=len(cells))
        seen, largest = cells[areas > 0], cells[np.argsort(areas, kind="stable")[-_LARGEST:]]
        row = Image.fromarray(np.rint(seen).astype(np.uint8)[None])
        others = row.quantize(_OTHERS, Image.Quantize.MEDIANCUT).getpalette() or []
        ours = [to_rgb(colour) for colour in ("white", INK, GREY, GRID, *PALETTE)]
        exact = np.concatenate([255 * np.array(ours), largest, np.reshape(others, (-1, 3))])
        colours = np.rint(exact).astype(np.uint8)
        self.entries = colours.tobytes()
        self._tree, self._cells = KDTree(colours), cells
        self._nearest = np.zeros(len(cells), np.uint8)
        self._is_known = np.zeros(len(cells), bool)

    def flatten(self, image: Image.Image) -> Image.Image:
        """The image in the palette's colours."""
        found = _cells_of(image)
        is_new = np.zeros(len(self._cells), bool)
        is_new[found.ravel()] = True
        is_new &= ~self._is_known
        self._nearest[is_new] = self._tree.query(self._cells[is_new])[1]
        self._is_known |= is_new
        flat = Image.fromarray(self._nearest[found])
        flat.putpalette(self.entries)
        return flat


def _cells_of(image: Image.Image) -> NDArray[np.int32]:
    """The colour of each pixel as a number of a few bits."""
    parts: NDArray[np.int32] = np.asarray(image).astype(np.int32) >> (8 - _BITS)
    return (parts[..., 0] << 2 * _BITS) | (parts[..., 1] << _BITS) | parts[..., 2]
