"""The whole service on one machine: processes, the parts they need, and who keeps them running."""
