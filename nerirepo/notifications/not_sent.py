"""Why is a letter not written now?"""


class NotWanted(Exception):
    """Nobody wants it any more: the code has been used, the person has left, the report was hidden."""


class PicturesNotReady(Exception):
    """A picture that it shows is still being made."""
