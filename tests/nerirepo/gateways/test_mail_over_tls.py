"""Stories of a mail server as wards have them: it asks for encryption, a name and a password."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nerirepo.gateways.mail import Temporary, knock
from operate.supervising.process import free_port
from tests.nerirepo.gateways.test_mail import a_letter, post
from tests.support.mail_server import mailing_to, run

# The whole line is encrypted then; the server of the test does not know.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

NAME, PASSWORD = "nerirepo@ward.example.jp", "ぱす:word/@"
SIGNED_IN = "nerirepo%40ward.example.jp:%E3%81%B1%E3%81%99%3Aword%2F%40@"

IMPLICIT, STARTTLS = "smtps", "smtp+starttls"


class Kept:
    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert session.authenticated
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        return "250 OK"


class Server(SMTP):
    """Offers the ways of signing in that Japanese providers do."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, auth_required=True, authenticator=_is_ours, **named)


def _is_ours(_: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword) -> AuthResult:
    is_ours = (given.login, given.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=is_ours, handled=False)  # the refusal is the server's to say


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return self_signed(tmp_path_factory.mktemp("certificate"))


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Chain and key of a server that calls itself localhost; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "chain.pem", folder / "key.pem"


@contextmanager
def server(kind: str, certificate: tuple[Path, Path]) -> Iterator[tuple[Kept, int]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    kept, port = Kept(), free_port()
    if kind == IMPLICIT:

        class Encrypted(Controller):
            def factory(self) -> SMTP:
                return Server(self.handler, auth_require_tls=False)

        controller = Encrypted(kept, hostname="localhost", port=port, ssl_context=context)
    else:

        class Upgraded(Controller):
            def factory(self) -> SMTP:
                return Server(self.handler, tls_context=context, require_starttls=True)

        controller = Upgraded(kept, hostname="localhost", port=port)
    controller.start()
    try:
        yield kept, port
    finally:
        controller.stop()


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The ward has said whom to trust."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("kind", [IMPLICIT, STARTTLS])
def test_a_letter_goes_encrypted_and_signed_in(
    kind: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        server(kind, certificate) as (kept, port),
        mailing_to(monkeypatch, f"{kind}://{SIGNED_IN}localhost:{port}"),
    ):
        run(knock())
        post(a_letter(), a_letter())
    assert len(kept.letters) == 2


@pytest.mark.parametrize("kind", [IMPLICIT, STARTTLS])
def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(
    kind: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        server(kind, certificate) as (kept, port),
        mailing_to(monkeypatch, f"{kind}://{SIGNED_IN}localhost:{port}"),
    ):
        with pytest.raises(Temporary, match="CERTIFICATE_VERIFY_FAILED"):
            run(knock())
        with pytest.raises(Temporary):
            post(a_letter())
    assert kept.letters == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("kind", [IMPLICIT, STARTTLS])
def test_a_certificate_of_another_name_is_refused(
    kind: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        server(kind, certificate) as (_, port),
        mailing_to(monkeypatch, f"{kind}://{SIGNED_IN}127.0.0.1:{port}"),
        pytest.raises(Temporary, match=r"IP address mismatch|Hostname mismatch"),
    ):
        run(knock())


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("kind", [IMPLICIT, STARTTLS])
def test_a_wrong_password_keeps_the_letter_waiting(
    kind: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        server(kind, certificate) as (kept, port),
        mailing_to(monkeypatch, f"{kind}://nerirepo%40ward.example.jp:old@localhost:{port}"),
    ):
        with pytest.raises(Temporary, match="535"):
            run(knock())
        with pytest.raises(Temporary, match="535"):
            post(a_letter())
    assert kept.letters == []


@pytest.mark.usefixtures("trusted")
def test_where_encryption_is_asked_for_and_not_offered_nothing_is_sent_in_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Kept()
    controller = Controller(kept, hostname="localhost", port=free_port())
    controller.start()
    try:
        with (
            mailing_to(monkeypatch, f"{STARTTLS}://{SIGNED_IN}localhost:{controller.port}"),
            pytest.raises(Temporary, match="STARTTLS"),
        ):
            post(a_letter())
    finally:
        controller.stop()
    assert kept.letters == []
