"""Where a point is and whose it is: layers of geometry, what they say, and who is responsible."""
