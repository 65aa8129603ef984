"""Stories of bad networks: the same again, answers that are lost, bytes that are cut."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from nerirepo.base.ids import uuid7
from tests.faults.checker import check
from tests.faults.client import a_jpeg
from tests.faults.ledger import Ledger
from tests.faults.load import PHONES, load
from tests.faults.lossy_line import LossyLine
from tests.faults.phone import Phone
from tests.faults.seeds import with_seeds
from tests.faults.service import Service, eventually
from tests.faults.staff import Staff

pytestmark = pytest.mark.long

AT_ONCE = 200
SILENT = float(os.environ.get("FAULTS_SILENT", "15"))
"""Seconds. The full measure is 120."""


@with_seeds
def test_two_hundred_identical_posts_at_once_are_one_report(
    service: Service, ledger: Ledger, seed: int
) -> None:
    phone = Phone(service, ledger, "impatient")
    item = phone.write()
    phones = [Phone.of(phone, service) for _ in range(20)]
    with load(service, ledger, seed), ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: phones[number % 20].send(item), range(AT_ONCE)))
    taken = [each.status_code for each in answers if each is not None and each.status_code < 300]
    assert len(taken) == AT_ONCE
    assert taken.count(201) == 1
    check(service, ledger)


@with_seeds
def test_the_same_id_with_other_content_is_refused_and_changes_nothing(
    service: Service, ledger: Ledger, seed: int
) -> None:
    phone = Phone(service, ledger, "confused")
    with load(service, ledger, seed):
        item = phone.post()
        other = phone.send(item, 409, words="別のこと")
        assert other is not None
        assert (other.status_code, other.json()["code"]) == (409, "report_id_taken")
        again = phone.send(item)
        assert again is not None
        assert again.status_code == 200
    check(service, ledger)


@with_seeds
def test_a_queue_of_thirty_days_is_taken_in_and_may_be_sent_again(
    service: Service, ledger: Ledger, seed: int
) -> None:
    phone = Phone(service, ledger, "returning")
    items = [phone.write(photos=1, age_days=30) for _ in range(5)]
    with load(service, ledger, seed):
        for _ in items:
            eventually(phone.send_oldest, "the oldest is taken")
        for item in items:
            answer = phone.send(item)
            assert answer is not None
            assert answer.status_code == 200
    check(service, ledger)


@with_seeds
def test_an_upload_that_is_cut_at_any_tenth_is_sent_again_and_is_whole(
    service: Service, ledger: Ledger, seed: int
) -> None:
    phone, content = Phone(service, ledger, "tunnel"), a_jpeg(size=(1600, 1200))
    # At most five photos stand in one report.
    items = [phone.write(), phone.write()]
    with load(service, ledger, seed):
        for tenth in range(1, 10):
            photo_id = str(uuid7())
            items[tenth % 2]["photos"].append((photo_id, content))
            announced = phone.call(
                "PUT",
                f"/v1/photos/{photo_id}",
                json={
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "bytes": len(content),
                    "content_type": "image/jpeg",
                },
            )
            assert announced is not None
            cut = content[: len(content) * tenth // 10]
            phone.cut_upload(announced.json()["upload"], cut, len(content))
            looked = phone.call("GET", f"/v1/photos/{photo_id}")
            assert looked is not None
            assert looked.json()["state"] == "awaiting", "what was cut is not acknowledged"
        for _ in items:
            eventually(phone.send_oldest, "the report with its photos")
    assert {photo_id for item in items for photo_id, _ in item["photos"]} <= set(ledger.photos)
    check(service, ledger)


@with_seeds
def test_answers_that_are_lost_on_the_way_make_nothing_twice(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with LossyLine(service.port, seed) as line, load(service, ledger, seed, url=line.url):
        eventually(lambda: line.lost > 25 and len(ledger.receipts) > 15, "lost answers")
        line.loses = 0.0
    assert ledger.lost_answers > 20
    check(service, ledger)


@with_seeds
def test_a_line_on_which_no_answer_comes_back_for_long_delays_everything_and_doubles_nothing(
    service: Service, ledger: Ledger, seed: int
) -> None:
    with LossyLine(service.port, seed, loses=0.0) as line, load(service, ledger, seed, url=line.url):
        eventually(lambda: len(ledger.receipts) > 5, "traffic")
        line.loses, before = 1.0, len(ledger.receipts)
        time.sleep(SILENT)
        assert len(ledger.receipts) <= before + PHONES  # what was on its way
        assert len(ledger.tried) > len(ledger.receipts)
        line.loses = 0.0
    check(service, ledger)


def test_of_two_staff_at_once_one_acts_and_the_other_is_told(service: Service, ledger: Ledger) -> None:
    two_staff_at_once(service, ledger)
    check(service, ledger)


def two_staff_at_once(service: Service, ledger: Ledger, rounds: int = 5) -> None:
    """Both have read the same version and act at the same moment; raises AssertionError where both may."""
    phone, members = Phone(service, ledger, "one"), [Staff(service, ledger) for _ in range(2)]
    # No ids: digits of one may look like a telephone number, which may not be published unseen.
    words = dict(zip(members, ("穴があります。", "道に穴があります。"), strict=True))
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            report_id = phone.post()["id"]
            seen = members[0].look(report_id)
            assert seen

            def ask(member: Staff, report_id: str = report_id, version: int = seen["version"]) -> int:
                answer = member.act(
                    report_id, version, str(uuid7()), "edit_public_text", public_text=words[member]
                )
                assert answer is not None
                return answer.status_code

            said = sorted(pool.map(ask, members))
            assert said == [200, 412], f"two who had read the same were answered {said}"
