"""How long may caches on the way keep what is published?"""

PUBLISHED = "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400"
"""What is hidden must be gone within a minute: 30 s as it is, and 30 s while it is fetched anew. Older copies
are for the hours in which we are down."""
NOT_HERE = "public, max-age=10"
"""For what is not here, or no longer. A cache that serves an old page while it asks for a new one (RFC 5861)
goes on serving the old one for hours if the answer that it gets may not be kept."""
