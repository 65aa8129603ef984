"""The doors for programs: residents' apps (/v1), staff (/staff) and the links in letters (/l)."""
