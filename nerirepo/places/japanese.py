"""In which encoding are these words? Files of Japanese programs seldom say, and not always truly."""

LEAST_CUT = 0.9
"""Of the letters beyond ASCII that are right in UTF-8: the others were cut or damaged."""


def likely(words: bytes) -> list[str]:
    """In order. EUC-JP read as CP932 is a row of half-width kana, which nobody writes a whole file in."""
    beyond = [each for each in words if each > 0x7F]
    kana = sum(0xA1 <= each <= 0xDF for each in beyond)
    if beyond and len(beyond) % 2 == 0 and min(beyond) >= 0xA1 and kana * 2 > len(beyond):
        return ["utf-8", "euc_jp", "cp932"]
    return ["utf-8", "cp932"]


def is_damaged_utf_8(words: bytes) -> bool:
    """Whether nearly all of it is UTF-8. As CP932 it would often be words, too, and nonsense."""
    beyond = [each for each in words.decode("utf-8", "replace") if each > "\x7f"]
    return sum(each != "\ufffd" for each in beyond) >= LEAST_CUT * len(beyond) > 0
