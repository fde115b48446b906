"""Finding one's way: the gallery, help, the tour."""
