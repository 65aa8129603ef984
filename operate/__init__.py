"""Where the service is put together: command line, supervisor, embedded parts, the one address."""
