"""A secret is changed: what people hold already keeps working, what is new is made with the new one."""

import base64
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from pydantic import SecretStr

from nerirepo.base import clock, keys, links
from nerirepo.base.links import Purpose
from nerirepo.base.settings import settings
from nerirepo.photos import links as photo_links
from nerirepo.reporters import sign_in
from nerirepo.reporters.tables import Challenge
from nerirepo.reports import receipt

Rotate = Callable[..., None]


@pytest.fixture
def rotate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotate]:
    """Give it the settings as they are after a restart."""

    def restart(**changes: object) -> None:
        changed = settings().model_copy(update=changes)
        for module in (keys, receipt):
            monkeypatch.setattr(module, "settings", lambda: changed)
        receipt._key.cache_clear()

    restart(secret_key=SecretStr("old" * 20), receipt_key=SecretStr(base64.b64encode(b"o" * 32).decode()))
    yield restart
    receipt._key.cache_clear()


NEW = {"secret_key": SecretStr("new" * 20), "secret_key_previous": SecretStr("old" * 20)}
FORGOTTEN = {"secret_key": SecretStr("new" * 20)}


def test_a_letter_s_link_opens_while_the_previous_secret_stands_and_not_after(rotate: Rotate) -> None:
    report_id, reporter_id = uuid4(), uuid4()
    old = links.make(Purpose.ANSWER, report_id, reporter_id)
    rotate(**NEW)
    assert links.read(Purpose.ANSWER, old) == links.Link(report_id, reporter_id)
    new = links.make(Purpose.ANSWER, report_id, reporter_id)
    rotate(**FORGOTTEN)
    assert links.read(Purpose.ANSWER, new) == links.Link(report_id, reporter_id)
    with pytest.raises(links.LinkUnknown):
        links.read(Purpose.ANSWER, old)


def test_a_photo_s_address_and_a_mailed_code_outlive_the_change(rotate: Rotate) -> None:
    address = urlsplit(photo_links.rendition_url(uuid4(), "small"))
    query = parse_qs(address.query)
    asked = (address.path, int(query["expires"][0]), query["signature"][0])
    now = clock.now()
    challenge = Challenge(
        id=uuid4(),
        email="hanako@example.jp",
        locale="ja",
        created_at=now,
        expires_at=now,
        has_letter=True,
        tries=0,
    )
    code = sign_in.code_of(challenge.id)
    rotate(**NEW)
    photo_links.check(*asked)
    assert sign_in._is_code_of(challenge, code)
    challenge.tries = sign_in.TRIES_OF_THE_PREVIOUS
    assert not sign_in._is_code_of(challenge, code)
    rotate(**FORGOTTEN)
    with pytest.raises(photo_links.PhotoLinkInvalid):
        photo_links.check(*asked)


def test_the_public_keys_of_old_receipts_stay_published(rotate: Rotate) -> None:
    (old,) = receipt.public_keys()
    rotate(
        receipt_key=SecretStr(base64.b64encode(b"n" * 32).decode()), receipt_keys_retired=old["public_key"]
    )
    new, still = receipt.public_keys()
    assert still == old
    assert new["key_id"] == receipt.key_id() != old["key_id"]
