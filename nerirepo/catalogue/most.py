"""What the service can take at most; a ward may say less in `ward.toml`, and never more."""

MOST_PHOTOS = 5
"""Of a report, a comment or an opinion. Enough to show a place from near and far; each costs the resident
data. The contract with the apps names it, too."""
MOST_BYTES = 20_000_000
"""A 50 MP phone JPEG is 8-15 MB; more than this takes minutes on a weak mobile network."""
LEAST_BYTES = 1_000_000
"""A ward that takes less would refuse what the pages' own program makes of a photo."""
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
"""What a client may announce, in the order in which `GET /v1/service` names them."""
ALWAYS_TAKEN = "image/jpeg"
"""What every camera writes, and what the pages' own program makes of a photo."""
