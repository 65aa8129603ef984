"""What a running process tells of itself: logs, figures, traces."""
