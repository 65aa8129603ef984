"""Copies of the database and the pictures, and the way back."""
