"""A small mail server of the tests' own, over a real socket: it takes letters, refuses, or hangs up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto


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

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.mood = Mood.TAKES_IT
        self.taken: list[str] = []
        self.connections = 0

    @property
    def url(self) -> str:
        """The address as a setting has it."""
        return f"smtp://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        """Answer until the listener is closed."""
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, connection.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream) -> None:
        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        if self.mood is Mood.HANGS_UP_AT_ONCE:
            return
        say("220 ready")
        for raw in stream:
            verb = raw.decode().split(":")[0].strip().upper()
            if verb == "QUIT":
                strange = self.mood is Mood.TAKES_IT_AND_SAYS_A_STRANGE_GOODBYE
                say("250 hm" if strange else "221 goodbye")
                return
            if verb == "RCPT TO" and self.mood is Mood.REFUSES_THE_ADDRESS:
                say("550 nobody here by that name")
            elif verb == "DATA":
                if not self._letter(stream, say):
                    return
            else:
                say("250 good")

    def _letter(self, stream, say) -> bool:
        """Take a letter, or not; return whether the talk goes on."""
        if self.mood is Mood.HANGS_UP_BEFORE_THE_LETTER:
            return False
        say("354 go on")
        lines = []
        for raw in stream:
            if raw == b".\r\n":
                break
            lines.append(raw.decode())
        if self.mood is Mood.HANGS_UP_IN_THE_LETTER:
            return False
        if self.mood is Mood.REFUSES_THE_LETTER:
            say("452 the disk is full")
            return True
        self.taken.append("".join(lines))
        say("250 taken")
        return self.mood is not Mood.TAKES_IT_AND_HANGS_UP


@contextmanager
def a_mail_server() -> Iterator[MailServer]:
    """Return a mail server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = MailServer(listener)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
