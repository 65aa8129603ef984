"""The outside world, one file each: the object store and the mail server."""
