"""The words of messages to families, and their way to the mail server.

No message names a child or tells anything of the conference: mail is read over shoulders and forwarded.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from learnpath.conferences.models import MessageKind
from learnpath.conferences.outbox import InDoubt, Letter, Post
from learnpath.config import Settings
from learnpath.people.models import Language

SECONDS = 20
# The server's word for: the content of the letter now, please.
GO_ON = 354

# What stands for the phone of a school that gave none.
NO_PHONE = {Language.EN: "the school", Language.ES: "a la escuela"}
WORDS = {
    (MessageKind.INVITATION, Language.EN): (
        "A page from {school}",
        "{school} invites you to a conference.",
        "Choose the time that is good for you:",
        "You need no account. The link is for you only and rests after 60 days.",
        "Questions, or no time that fits: call {phone}.",
    ),
    (MessageKind.INVITATION, Language.ES): (
        "Una página de {school}",
        "{school} le invita a una conferencia.",
        "Elija la hora que le convenga:",
        "No necesita cuenta. El enlace es solo para usted y deja de abrir después de 60 días.",
        "Preguntas, o ninguna hora le conviene: llame {phone}.",
    ),
    (MessageKind.SUMMARY_READY, Language.EN): (
        "A page from {school}",
        "{school} has made a conference summary for you.",
        "Open it, read it, and answer with one tap:",
        "You need no account. The link is for you only and rests after 60 days.",
        "Questions, an interpreter or a paper copy: call {phone}.",
    ),
    (MessageKind.SUMMARY_READY, Language.ES): (
        "Una página de {school}",
        "{school} preparó un resumen de conferencia para usted.",
        "Ábralo, léalo y responda con un toque:",
        "No necesita cuenta. El enlace es solo para usted y deja de abrir después de 60 días.",
        "Preguntas, intérprete o una copia en papel: llame {phone}.",
    ),
    (MessageKind.PROMISE_LOOK_BACK, Language.EN): (
        "A page from {school}",
        "Six weeks ago you were at a conference at {school}.",
        "Look at what was promised there, and talk about it at home:",
        "You need no account. The link is for you only and rests after 60 days.",
        "You get this one message because you asked for it. Questions: call {phone}.",
    ),
    (MessageKind.PROMISE_LOOK_BACK, Language.ES): (
        "Una página de {school}",
        "Hace seis semanas usted estuvo en una conferencia en {school}.",
        "Mire los compromisos de ese día y hablen de ellos en casa:",
        "No necesita cuenta. El enlace es solo para usted y deja de abrir después de 60 días.",
        "Recibe este único mensaje porque lo pidió. Preguntas: llame {phone}.",
    ),
}


def compose(letter: Letter, sender: str, public_url: str) -> EmailMessage:
    """Return the message as text and as HTML, in the guardian's language."""
    said = WORDS[letter.kind, Language(letter.language)]
    phone = _phone(letter)
    subject, first, ask, about, help_line = (
        line.format(school=letter.school, phone=phone) for line in said
    )
    url = f"{public_url}/f/{letter.token}"
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, subject
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{first}\n\n{ask}\n{url}\n\n{about}\n\n{help_line}\n")
    message.add_alternative(
        f'<!doctype html><html lang="{letter.language}"><body><p>{escape(first)}</p>'
        f'<p>{escape(ask)}<br><a href="{escape(url)}">{escape(url)}</a></p>'
        f"<p>{escape(about)}</p><p>{escape(help_line)}</p></body></html>\n",
        subtype="html",
    )
    return message


def _phone(letter: Letter) -> str:
    language = Language(letter.language)
    if not letter.phone:
        return NO_PHONE[language]
    return f"al {letter.phone}" if language is Language.ES else letter.phone


def post_by(settings: Settings) -> Post:
    """Return what hands a letter to the mail server of ``settings``.

    It raises OSError when the server did not take the letter, InDoubt when nobody knows.
    """
    server = urlsplit(settings.smtp_url)

    def post(letter: Letter) -> None:
        message = compose(letter, settings.mail_from, settings.public_url)
        with _connected(server.scheme, server.hostname or "", server.port) as smtp:
            if server.username:
                _must_be_secret(smtp)
                smtp.login(unquote(server.username), unquote(server.password or ""))
            smtp.send_message(message)

    return post


def _must_be_secret(smtp: smtplib.SMTP) -> None:
    """Raise OSError where a password would go over the wire for all to read."""
    if not isinstance(smtp.sock, ssl.SSLSocket):
        raise ssl.SSLError("the mail server offers no TLS, so nobody signs in to it")


class _Plain(smtplib.SMTP):
    """A connection that tells apart: not taken, and handed over without an answer."""

    asked = handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the letter over. Raises InDoubt when the connection ends before the server's word."""
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            if self.handed_over:
                raise InDoubt(*error.args) from error
            raise

    def send(self, s: Any) -> None:
        """Send, and note when that was the letter's content."""
        super().send(s)
        self.handed_over = self.asked

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's answer, and note when it asks for the letter's content."""
        code, words = super().getreply()
        self.asked = code == GO_ON
        return code, words


class _Secure(_Plain, smtplib.SMTP_SSL):
    """The same, in TLS from the first word on."""


@contextmanager
def _connected(scheme: str, host: str, port: int | None) -> Iterator[smtplib.SMTP]:
    """Connect, and say goodbye at the end. A goodbye that goes wrong changes nothing: the letter is sent."""
    smtp = _connect(scheme, host, port)
    try:
        yield smtp
        with suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _connect(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return _Secure(host, port or 465, timeout=SECONDS, context=context)
    smtp = _Plain(host, port or 587, timeout=SECONDS)
    try:
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
    except OSError:
        smtp.close()
        raise
    return smtp
