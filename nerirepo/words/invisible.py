"""Which characters does nobody see, and what is left of words without them? Pure.

They come along when words are copied from Word, a PDF or a chat; some are meant to fool a reader. What a
script or an emoji is made of stays: joiners, variation selectors, the old kanji of a name.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""A form feed or a vertical tab is how Word and PDF break lines."""
_NEVER_SEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls; tab and newline stay
    "\u00ad\u034f\u061c\u200b\u200e\u200f\u2060-\u2064\ufeff"  # hyphens, spaces and marks without a width
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # turn the direction of what follows: a file looks like another
    "\ufff9-\ufffc"  # anchors of pasted objects
    "\U0001d173-\U0001d17a"  # beams of musical notation
    "\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_TAGS = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)|[\U000e0000-\U000e007f]"
)
"""Letters of an unseen alphabet; a flag of a part of a country (Wales) is spelled with them."""
_JOINERS = "\u200c\u200d"
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180f]")
_NEEDS_A_NEIGHBOUR = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180f]")
_UNJOINED = re.compile("[\u0000-\u05ff\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uff00-\uffef]")
"""Scripts whose letters stand apart: Latin, Japanese, Korean, Chinese."""
_LOOKS_LIKE_NOTHING = re.compile("[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159]")
"""Fillers, and an empty cell of Braille."""


def without_invisible(words: str) -> str:
    """The words with line ends of one kind and nothing that is never seen; empty where no eye sees any."""
    words = _NEVER_SEEN.sub("", _LINE_ENDS.sub("\n", words))
    words = _TAGS.sub(lambda found: found[1] or "", words)
    if _NEEDS_A_NEIGHBOUR.search(words):
        words = _with_neighbours(words)
    return words if is_seen(words) else ""


def is_seen(words: str) -> bool:
    """Whether there is anything for a reader's eye."""
    return any(_is_seen(each) for each in words)


def _is_seen(character: str) -> bool:
    if _LOOKS_LIKE_NOTHING.match(character) or _NEEDS_A_NEIGHBOUR.match(character):
        return False
    category = unicodedata.category(character)
    # What this Python does not know yet (Cn) is a new emoji; private use (Co) is a telephone's own picture.
    return category[0] not in "ZM" and category not in ("Cc", "Cf", "Cs")


def _with_neighbours(words: str) -> str:
    """Selectors only behind what they select, once; joiners only where letters or pictures are joined."""
    kept: list[str] = []
    for character in words:
        before = kept[-1] if kept else " "
        if character in _JOINERS:
            if not _can_be_joined(before):
                continue
        elif _SELECTORS.match(character) and (before.isspace() or _NEEDS_A_NEIGHBOUR.match(before)):
            continue
        kept.append(character)
    return "".join(kept)


def _can_be_joined(before: str) -> bool:
    if before in _JOINERS or before.isspace():
        return False
    return bool(_SELECTORS.match(before)) or not _UNJOINED.match(before)
