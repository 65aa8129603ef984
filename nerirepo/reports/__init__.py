"""A report's life: sent, worked on, closed; and the history of it, which is the one truth."""
