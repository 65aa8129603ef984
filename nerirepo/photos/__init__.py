"""Pictures: announced by a client, received, decoded in a child process, and made anew."""
