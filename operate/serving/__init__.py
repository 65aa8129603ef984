"""From bytes on a socket to one of the doors."""
