"""The ward's folder: read, loaded, compared; and its sample posts played."""
