"""Where things are on the canvas of the schedule editor."""

import math

from PySide6.QtCore import QPoint, QPointF

from app.schedules.schedule_canvas import ScheduleCanvas


def place_of(canvas: ScheduleCanvas, iteration: int, value: float) -> QPoint:
    """Where a value of an iteration is; a logarithmic axis counts in decades."""
    item = canvas.getPlotItem()
    height = math.log10(value) if item.getAxis("left").logMode else value
    return canvas.mapFromScene(item.getViewBox().mapViewToScene(QPointF(iteration, height)))
