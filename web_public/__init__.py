"""The public site: what is published, as pages that work without JavaScript. Reads nothing else."""
