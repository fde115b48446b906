"""Which moment of the run is shown."""
