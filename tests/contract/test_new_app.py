"""An app team's first day: a client is generated from the published document, and does everything with it.

In Python, since that is the one language of the generator that can run here. What staff do, and the code in
the mail, come from the service's own side.
"""

import base64
import hashlib
import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from nerirepo.base.ids import uuid7
from nerirepo.reporters import sign_in
from operate.serving.front import create_api
from tests.contract.test_published_tools import run
from tests.factories import a_jpeg, a_member, a_reporter, a_submission, send_photo, take_action
from tests.support.live_service import base_url, running
from tests.support.lossy_proxy import PERFECT, LossyProxy, Network, lossy_proxy

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not shutil.which("java"), reason="the generator needs Java: script/clients installs it"
    ),
]

NOTHING_COMES_BACK = Network(cut_request=0, cut_answer=0, lose_answer=1, login_page=0)
IN_JAPANESE = {"accept_language": "ja", "contract_level": 2}


@pytest.fixture
def generated(tmp_path: Path) -> Iterator[ModuleType]:
    """The client's package, as it came out of the generator."""
    name = "nerima_reports"
    made = run(
        *("openapi-generator-cli", "generate", "--generator-name", "python"),
        *("--input-spec", "mobile_contract/openapi.json", "--output", tmp_path),
        *("--additional-properties", f"packageName={name}"),
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(tmp_path))
    yield importlib.import_module(name)
    sys.path.remove(str(tmp_path))
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]


@pytest.fixture
def network(database: Path, storage: None) -> Iterator[LossyProxy]:
    with running(create_api()) as live, lossy_proxy(live, PERFECT) as proxy, base_url(proxy.address):
        yield proxy


class App:
    """What an app team writes around the generated client."""

    def __init__(self, generated: ModuleType, address: str) -> None:
        self.generated = generated
        self.client = generated.ApiClient(generated.Configuration(host=address, retries=False))
        self.http = urllib3.PoolManager(retries=False)

    def __getattr__(self, area: str) -> Any:
        """`app.reports` is the generated `ReportsApi`, and so on for each tag of the document."""
        return getattr(self.generated, f"{area.title().replace('_', '')}Api")(self.client)

    def begin(self, email: str) -> Any:
        begun = self.sign_in.begin_sign_in(self.generated.SignInRequest(email=email, locale="ja"))
        terms = self.service.read_service().terms
        signed_in = self.sign_in.finish_sign_in(
            UUID(begun.challenge_id),
            self.generated.SignInCode(
                code=sign_in.code_of(UUID(begun.challenge_id)),
                eligibility="lives",
                terms_version=terms.version,
            ),
        )
        self.client.configuration.access_token = signed_in.token
        return signed_in.reporter

    def announce(self, photo_id: UUID, content: bytes) -> Any:
        told = self.generated.Announcement(
            sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), content_type="image/jpeg"
        )
        return self.photos.announce_photo(photo_id, told)

    def upload(self, photo: Any, content: bytes) -> None:
        to = photo.upload
        self.http.request(to.method, to.url, headers=to.headers, body=content)

    def is_receipt(self, receipt: Any) -> bool:
        """As mobile_contract/README.md says."""
        signed = json.loads(receipt.to_json())
        signature = base64.b64decode(signed.pop("signature"))
        keys = {each.key_id: each for each in self.service.read_service().receipt_keys}
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[receipt.key_id].public_key))
        told = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        key.verify(signature, told.encode())
        return True


def test_a_generated_client_posts_is_cut_off_posts_again_syncs_and_is_erased(
    generated: ModuleType, network: LossyProxy, client: Any, work: Any
) -> None:
    app = App(generated, network.address)
    assert app.service.read_service(**IN_JAPANESE).posting.open
    assert app.begin("hanako@example.jp").eligibility == "lives"
    place = app.places.look_up_place(35.7356, 139.6522, category="road.pothole", **IN_JAPANESE)
    assert (place.inside, place.responsible.code) == (True, "roads")

    photo_id, report_id, content = uuid7(), uuid7(), a_jpeg()
    photo = app.announce(photo_id, content)
    post = generated.Submission.from_dict(a_submission(photo_ids=[str(photo_id)]))
    network.network = NOTHING_COMES_BACK
    with pytest.raises(urllib3.exceptions.HTTPError):
        app.reports.send_report(report_id, post, **IN_JAPANESE)
    network.network = PERFECT
    taken = app.reports.send_report_with_http_info(report_id, post, **IN_JAPANESE)
    assert taken.status_code == 200, "it had come the first time"
    receipt = taken.data.receipt
    assert receipt.report_id == str(report_id)
    assert app.is_receipt(receipt)

    network.network = NOTHING_COMES_BACK
    with pytest.raises(urllib3.exceptions.HTTPError):
        app.upload(photo, content)
    network.network = PERFECT
    held = app.photos.look_at_photo(photo_id)
    assert (held.state, held.sha256) == ("received", hashlib.sha256(content).hexdigest())

    known = app.reports.list_changes(**IN_JAPANESE)
    assert [each.report.number for each in known.changes] == [receipt.number]
    desk = a_member()
    take_action(desk, str(report_id), "ask", public_note="どちら側ですか。")
    assert app.reports.read_report(receipt.number, **IN_JAPANESE).actual_instance.question
    answer = generated.Comment(text="右側です。")
    assert app.reports.add_comment(str(report_id), answer, **IN_JAPANESE).question is None
    take_action(desk, str(report_id), "resolve", public_note="ふさぎました。", no_photo_reason="dark")
    changed = app.reports.list_changes(cursor=known.next_cursor, **IN_JAPANESE)
    assert [each.report.status for each in changed.changes] == ["resolved"]
    heard = app.reports.give_feedback(str(report_id), generated.Opinion(fixed=False, comment="まだ深い"))
    assert heard.reopened

    theirs = _published_by_somebody_else(client, work)
    listed = app.public.list_public_reports(bbox="139.6,35.7,139.7,35.8", **IN_JAPANESE)
    assert [each.id for each in listed.reports] == [theirs]
    assert app.reports.follow_report(theirs).following
    assert {each.id for each in app.reports.list_my_reports().reports} == {str(report_id), theirs}
    app.reports.unfollow_report(theirs)
    gone = app.reports.list_changes(cursor=changed.next_cursor, **IN_JAPANESE)
    assert {each.id for each in gone.changes if each.removed} == {theirs}

    exported = app.client.sanitize_for_serialization(app.me.export_me())
    assert "右側です。" in json.dumps(exported, ensure_ascii=False)
    app.me.erase_me()
    with pytest.raises(generated.exceptions.UnauthorizedException):
        app.me.read_profile()
    app.begin("hanako@example.jp")
    with pytest.raises(generated.exceptions.ApiException) as refused:
        app.reports.send_report(report_id, post, **IN_JAPANESE)
    problem = refused.value.data
    assert (problem.status, problem.code, problem.retryable) == (410, "report_erased", False)


def _published_by_somebody_else(client: Any, work: Any) -> str:
    taro = a_reporter("taro@example.jp")
    photo_id, report_id = send_photo(client, taro), str(uuid7())
    body = a_submission(photo_ids=[photo_id])
    assert client.put(f"/v1/reports/{report_id}", headers=taro.headers, json=body).status_code == 201
    work()
    take_action(a_member(), report_id, "accept", public_text="道路の穴", photo_ids=[photo_id])
    work()
    return report_id
