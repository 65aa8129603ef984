"""Whatever `ward.toml` says is acted on: each key is seen at work, and a new one without a place here fails.

みほん町 says something else than Nerima for each, so that nothing here is seen by chance.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlmodel import Session

from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.profile import Profile
from nerirepo.catalogue.working_days import is_open
from nerirepo.database.db import reading
from tests.factories import Person, a_reporter, send_report
from tests.factories.life import letters, notify_all, send_all
from tests.wards.conftest import MIHON

INSIDE, NEAR, FAR = 36.61, 36.62014, 36.6203
"""Latitudes: in the town, 15 and 33 m beyond its border. The margin is 20 m, and Nerima's 50."""

USES = {
    "code": ("service", '"code":"209996"'),
    "languages": ("service", '"languages":["ja","en"]'),
    "number_prefix": ("receipt", '"number":"MH-'),
    "names": ("service", "みほん町"),
    "service.names": ("home", "みほんの目"),
    "service.short_names": ("service", "みほ目"),
    "contact.phone": ("home", "0266-00-0000"),
    "contact.mail": ("home", "mailto:machi@mihon.example.jp"),
    "contact.url": ("home", "https://mihon.example.jp/me"),
    "contact.names": ("home", "みほん町 総務課"),
    "reading_hours.days": ("service", '"days":["tue","wed","sat"]'),
    "reading_hours.opens": ("service", '"opens":"10:00"'),
    "reading_hours.closes": ("service", '"closes":"16:00"'),
    "reading_hours.closed_on_holidays": ("days", "文化の日 open"),
    "reading_hours.closed_on": ("days", "お盆 closed"),
    "reading_hours.note": ("home", "火曜・水曜・土曜の10時から16時に読みます。"),
    "emergency_contacts.code": ("service", '"code":"fire"'),
    "emergency_contacts.phone": ("home", "tel:119"),
    "emergency_contacts.names": ("home", "火事・救急"),
    "mail.sender_address": ("letter", "<machi@mihon.example.jp>"),
    "mail.sender_names": ("letter", "みほん町 みほんの目"),
    "mail.reply_to": ("letter", "henji@mihon.example.jp"),
    "colours.primary": ("theme", "#1a4f8b"),
    "colours.primary_dark": ("theme", "#0e3563"),
    "colours.primary_light": ("theme", "#e4edf7"),
    "colours.accent": ("theme", "#7a2d6b"),
    "map.lat": ("report", 'data-lat="36.61"'),
    "map.lon": ("report", 'data-lon="138.01"'),
    "limits.border_margin_m": ("border", "near 201, far 422"),
    "limits.photos_per_report": ("service", '"photos_per_report":2'),
    "limits.photo_bytes": ("service", '"photo_bytes":3000000'),
    "limits.photo_types": ("service", '"photo_types":["image/jpeg","image/png"]'),
}
"""Key to where it is seen, and what is seen there. What photos are refused: test_second_ward.py."""
OF_THEIR_OWN_FILE = {"notices"}
"""tests/web_public/test_pages.py"""


def keys(shape: type[BaseModel], above: str = "") -> Iterator[str]:
    """Of every setting that there can be."""
    for name, field in shape.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        part = next((each for each in kinds if isinstance(each, type) and issubclass(each, BaseModel)), None)
        if above or name not in OF_THEIR_OWN_FILE:
            yield from keys(part, f"{above}{name}.") if part else [f"{above}{name}"]


def test_every_setting_has_its_place_and_the_town_says_each() -> None:
    assert set(keys(Profile)) == USES.keys()
    written = tomllib.loads((MIHON / "ward.toml").read_text(encoding="utf-8"))
    for key in USES:
        part: Any = written
        for step in key.split("."):
            part = (part[0] if isinstance(part, list) else part)[step]


def test_every_setting_is_seen_at_work(site: TestClient, mailbox: Path) -> None:
    seen = {
        "service": site.get("/v1/service").text,
        "home": site.get("/").text,
        "theme": site.get("/theme.css").text,
        "report": site.get("/report").text,
    }
    hanako = a_reporter()
    sent = post(site, hanako, INSIDE)
    seen["receipt"] = sent.text
    near, far = (post(site, hanako, lat).status_code for lat in (NEAR, FAR))
    seen["border"] = f"near {near}, far {far}"
    notify_all()
    send_all()
    letter = letters(mailbox, hanako.email)[0]
    seen["letter"] = f"{make_header(decode_header(letter['From']))} {letter['Reply-To']}"
    with reading() as session:
        seen["days"] = days(session)
    unseen = {key: seen[where][:200] for key, (where, said) in USES.items() if said not in seen[where]}
    assert unseen == {}


def post(site: TestClient, who: Person, lat: float) -> Any:
    place = {"lat": lat, "lon": 138.008, "accuracy_m": 8.0, "source": "gps"}
    return send_report(site, who, category="michi.ana", location=place)


def days(session: Session) -> str:
    """A Tuesday that is a holiday, and a Saturday on which the town is closed."""
    hours = catalogue.ward(session).profile.reading_hours
    named = {"文化の日": date(2026, 11, 3), "お盆": date(2026, 8, 15)}
    return ", ".join(f"{name} {'open' if is_open(hours, day) else 'closed'}" for name, day in named.items())
