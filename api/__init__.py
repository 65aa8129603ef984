"""The doors for programs: residents' apps (/v1) and what staff use (/staff)."""
