"""What we hold about a person: telling it, forgetting it on demand, and forgetting it in time."""
