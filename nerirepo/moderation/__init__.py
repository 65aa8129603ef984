"""Looking at what residents send before the public sees it."""
