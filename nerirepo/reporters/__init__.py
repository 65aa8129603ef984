"""Residents who send reports: signing in by a mailed code, their devices and choices."""
