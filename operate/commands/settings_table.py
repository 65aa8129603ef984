"""Which settings are there, what does each mean, and which are misspelled?"""

import difflib
import os
from collections.abc import Iterator

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from nerirepo.base.settings import CHECKOUT, Settings

PREFIX = "NERIREPO_"

HEAD = """\
# Settings

Every setting is an environment variable, read once at a process's start. This page is what
`nerirepo settings` prints: to change it, change `nerirepo/base/settings.py`. All processes of an installation
need the same values, but for the ports.

- On one machine none is needed: `script/server` starts its own parts and makes its own secrets. Each part
  gives way to its setting (`NERIREPO_DATABASE_URL`, `NERIREPO_S3_ENDPOINT`, `NERIREPO_SMTP_URL`).
- With `NERIREPO_ENVIRONMENT=production` those marked with ● must be set, and nothing starts without them.
- In containers a secret is a file: `operate/containers/with-secrets.sh`.
- `nerirepo check` names what is wrong, and variables that nobody reads.

| variable | default | |
|---|---|---|
"""

NEEDED_IN_PRODUCTION = {
    "environment",
    "base_url",
    "database_url",
    "public_database_url",
    "s3_endpoint",
    "s3_secret_key",
    "smtp_url",
    "secret_key",
    "receipt_key",
}
OTHERS = {"NERIREPO_TEST_DATA", "NERIREPO_FAULTS"}
"""Variables of the tests."""


def table() -> str:
    """The settings as a page in Markdown."""
    return HEAD + "".join(f"{row}\n" for row in _rows())


def unknown() -> list[str]:
    """Variables of ours that no setting reads, each with the one that was perhaps meant."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    found = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known | OTHERS:
            meant = difflib.get_close_matches(name, known, 1)
            found.append(f"{name} (is {meant[0]} meant?)" if meant else name)
    return found


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        mark = " ●" if name in NEEDED_IN_PRODUCTION else ""
        meaning = " ".join((field.description or "").split())
        yield f"| `{PREFIX}{name.upper()}`{mark} | {_default(field)} | {meaning} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    shown = ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
    shown = shown.removeprefix(f"{CHECKOUT}/")  # where a checkout lies is nobody's default
    return f"`{shown}`" if shown else ""
