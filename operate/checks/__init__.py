"""Is all well? For the operator, and for containers."""
