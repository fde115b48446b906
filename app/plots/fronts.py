"""Which plot lies in front in each corner: what was chosen there, or else what the run is about."""

from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from app.plots.plot_dock import PlotDock
from engine.plots import PlotKind


class Fronts:
    """Knows what lies in front, and puts it there again when docks come back.

    A plot that lies in front although something else was put there has been chosen.

    Args:
        docks: by the plot's key.
        corners: the plots that share each.
    """

    def __init__(
        self, docks: Mapping[str, PlotDock], corners: Sequence[Sequence[PlotKind]]
    ) -> None:
        self._docks, self._corners = docks, corners
        self._highlights: tuple[str, ...] = ()
        self._free: tuple[str, ...] = ()
        self._seen: dict[int, str] = {}
        self._put: dict[int, str] = {}
        self._chosen: dict[int, str] = {}

    def set_about(self, highlights: Sequence[str], free: Sequence[str]) -> bool:
        """Take what a run is about; tells whether this is something else than before."""
        about = tuple(highlights), tuple(free)
        is_another = about != (self._highlights, self._free)
        self._highlights, self._free = about
        return is_another

    def is_about(self, place: int, plots: Container[str]) -> bool:
        """Whether a corner has a plot that the experiment names, or that always stands out."""
        kinds = [kind for kind in self._corners[place] if kind.key in plots]
        return any(kind.highlight or kind.key in self._highlights for kind in kinds)

    def note(self) -> None:
        """Remember what lies in front now."""
        for place, corner in enumerate(self._corners):
            for dock in (self._docks[kind.key] for kind in corner):
                if dock.is_seen and not dock.isFloating():
                    self._seen[place] = dock.key

    def keep_choices(self) -> None:
        """Keep what was chosen for the next run."""
        self.note()
        for place, key in self._seen.items():
            if key != self._put.get(place, key):
                self._chosen[place] = key

    def forget_choices(self) -> None:
        """What the next run is about comes first everywhere, whatever lies in front until then."""
        for known in (self._chosen, self._seen, self._put):
            known.clear()

    def raise_again(self, places: Iterable[int]) -> None:
        """In corners that come back: of docks that were hidden, any may lie in front."""
        for place in places:
            if place in self._seen:
                self._docks[self._seen[place]].raise_()

    def raise_the_best(
        self, plots: Container[str], appeared: AbstractSet[str] | None = None
    ) -> None:
        """Raise what was chosen, or else what the run is about.

        Args:
            plots: the keys of those that there are.
            appeared: those that are new: only their corners change; None: all.
        """
        for place, corner in enumerate(self._corners):
            keys = [kind.key for kind in corner if kind.key in plots]
            if not keys or (appeared is not None and appeared.isdisjoint(keys)):
                continue
            chosen = [key for key in keys if key == self._chosen.get(place)]
            highlights = [key for key in self._highlights if key in keys]
            highlights += [kind.key for kind in corner if kind.highlight and kind.key in keys]
            free = [key for key in self._free if key in keys]
            key = [*chosen, *highlights, *free, *keys][0]
            self._put[place] = self._seen[place] = key
            self._docks[key].raise_()
