"""The experiment that Run will start, as fields."""
