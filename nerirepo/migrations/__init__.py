"""The database's schemas, step by step."""
