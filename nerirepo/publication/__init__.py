"""The public copy of a report: what may be in it, how it is made, withdrawn and read."""
