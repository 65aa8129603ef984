"""The command line: `cli` puts the others together, a file for each group of commands."""
