"""Which pictures do we make of a photo? Names, files, types and sizes; pure."""

from dataclasses import dataclass

from typing_extensions import TypedDict


@dataclass(frozen=True)
class Kind:
    name: str
    file: str
    content_type: str
    longest_side: int  # pixels; a smaller original is never enlarged
    quality: int


KINDS = (
    Kind("large", "large.webp", "image/webp", 2048, 78),  # still shows a crack in the asphalt
    Kind("medium", "medium.webp", "image/webp", 1024, 78),  # a phone's screen
    Kind("small", "small.webp", "image/webp", 400, 78),  # a card in a list
    Kind("mail", "mail.jpg", "image/jpeg", 640, 80),  # mail programs know no WebP, and letters are narrow
)


class Picture(TypedDict):
    """A fresh encoding without any of the camera's data."""

    url: str
    width: int
    height: int
    content_type: str


LARGEST = max(kind.longest_side for kind in KINDS)
