"""A small mail server of the tests' own, over a real socket: it takes letters, refuses, or hangs up.

With a certificate it speaks TLS, from the first word on or when it is asked to.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Mood(Enum):
    """What the server does with the next letter."""

    TAKES_IT = auto()
    REFUSES_THE_ADDRESS = auto()
    REFUSES_THE_LETTER = auto()
    HANGS_UP_AT_ONCE = auto()
    HANGS_UP_BEFORE_THE_LETTER = auto()
    HANGS_UP_IN_THE_LETTER = auto()
    TAKES_IT_AND_HANGS_UP = auto()
    TAKES_IT_AND_SAYS_A_STRANGE_GOODBYE = auto()


class MailServer:
    """Speaks as much SMTP as a sender needs, one connection after the other."""

    def __init__(
        self, listener: socket.socket, certificate: Path | None = None, *, secure: bool = False
    ) -> None:
        self.listener = listener
        self.mood = Mood.TAKES_IT
        self.taken: list[str] = []
        self.connections = 0
        self.secure = secure
        self.password = ""
        self.signed_in: list[str] = []
        # What anybody on the way could read.
        self.in_the_open: list[str] = []
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)

    @property
    def url(self) -> str:
        """The address as a setting has it."""
        return self.url_with("")

    def url_with(self, sign_in: str) -> str:
        """The address with a name and a password in it."""
        scheme = "smtps" if self.secure else "smtp"
        return f"{scheme}://{sign_in}127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        """Answer until the listener is closed."""
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            # A sender that does not trust the certificate hangs up in the middle of a word.
            with suppress(OSError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        if self.secure and self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with connection:
            with connection.makefile("rwb") as stream:
                wants_tls = Talk(self, stream, inside=self.secure).go_on(greet=True)
            if wants_tls and self.tls:
                with (
                    self.tls.wrap_socket(connection, server_side=True) as hidden,
                    hidden.makefile("rwb") as stream,
                ):
                    Talk(self, stream, inside=True).go_on()


class Talk:
    """The talk with one sender, in the open or inside TLS."""

    def __init__(self, server: MailServer, stream, *, inside: bool) -> None:
        self.server, self.stream, self.inside = server, stream, inside

    def say(self, line: str) -> None:
        """Answer."""
        self.stream.write(line.encode() + b"\r\n")
        self.stream.flush()

    def go_on(self, *, greet: bool = False) -> bool:
        """Answer until the end; return whether the sender asked to go on inside TLS."""
        mood = self.server.mood
        if mood is Mood.HANGS_UP_AT_ONCE:
            return False
        if greet:
            self.say("220 ready")
        for raw in self.stream:
            verb = raw.decode().split(":")[0].strip().upper()
            if not self.inside:
                self.server.in_the_open.append(raw.decode())
            if verb == "STARTTLS":
                self.say("220 go on")
                return True
            if verb == "QUIT":
                strange = mood is Mood.TAKES_IT_AND_SAYS_A_STRANGE_GOODBYE
                self.say("250 hm" if strange else "221 goodbye")
                return False
            if verb == "DATA":
                if not self.letter():
                    return False
            else:
                self.say(self.answer_to(verb, raw))
        return False

    def answer_to(self, verb: str, raw: bytes) -> str:
        """Return the answer to what ends nothing."""
        if verb.startswith("EHLO"):
            hide = self.server.tls and not self.inside
            return "250-here\r\n250 STARTTLS" if hide else "250-here\r\n250 AUTH PLAIN"
        if verb.startswith("AUTH PLAIN"):
            return "235 welcome" if self.knows(raw.split()[-1]) else "535 wrong password"
        if verb == "RCPT TO" and self.server.mood is Mood.REFUSES_THE_ADDRESS:
            return "550 nobody here by that name"
        return "250 good"

    def knows(self, coded: bytes) -> bool:
        """Tell whether the password is right."""
        _as, name, password = base64.b64decode(coded).decode().split("\0")
        if password != self.server.password:
            return False
        self.server.signed_in.append(name)
        return True

    def letter(self) -> bool:
        """Take a letter, or not; return whether the talk goes on."""
        mood = self.server.mood
        if mood is Mood.HANGS_UP_BEFORE_THE_LETTER:
            return False
        self.say("354 go on")
        lines = []
        for raw in self.stream:
            if raw == b".\r\n":
                break
            lines.append(raw.decode())
        if mood is Mood.HANGS_UP_IN_THE_LETTER:
            return False
        if mood is Mood.REFUSES_THE_LETTER:
            self.say("452 the disk is full")
            return True
        self.server.taken.append("".join(lines))
        self.say("250 taken")
        return mood is not Mood.TAKES_IT_AND_HANGS_UP


def a_certificate(folder: Path) -> Path:
    """Write a certificate for this machine, with its key; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.org")])
    now, here = dt.datetime.now(dt.UTC), ipaddress.ip_address("127.0.0.1")
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(here)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + made.public_bytes(pem)
    )  # fmt: skip
    return path


@contextmanager
def a_mail_server(certificate: Path | None = None, *, secure: bool = False) -> Iterator[MailServer]:
    """Return a mail server on a free port of this machine; ``secure`` for TLS from the first word on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = MailServer(listener, certificate, secure=secure)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
