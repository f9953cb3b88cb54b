# SPDX-License-Identifier: MIT
"""The rules of a session: numbering, acknowledgement, window, versions, what may come when.

Owns the host's state of docs/host-link.md, sections 2 and 3, as bytes in and events out: no
sockets, no clock. Read messages.py for what the events hold; client.py moves the bytes.
"""

import collections
import dataclasses

from nacre_host.link.frame import PAYLOAD_LIMIT, Frame, FrameError, FrameReader
from nacre_host.link.messages import (
    KINDS,
    UNNUMBERED,
    Channel,
    Command,
    Control,
    Done,
    ErrorCode,
    Hello,
    LinkError,
    LogRecord,
    PayloadError,
    PowerOff,
    Status,
)

VERSION = 1
WINDOW = 64
SEQUENCE_END = 1 << 32
TAKEN = 1 << Channel.CONTROL | 1 << Channel.COMMAND | 1 << Channel.LOG


class LinkFailure(Exception):
    """The session is over, because one side did what the protocol forbids."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Ready:
    """The guest's shell takes commands."""


@dataclasses.dataclass(frozen=True)
class Output:
    """Bytes that a command wrote, to standard output or standard error."""

    data: bytes
    is_error: bool


def sequence_after(sequence):
    """Returns the number of the frame that follows @sequence."""
    return 1 if sequence + 1 == SEQUENCE_END else sequence + 1


def sequence_distance(older, newer):
    """Returns how many frames after @older frame @newer was numbered."""
    return (newer - older) % (SEQUENCE_END - 1)


class Session:
    """One session, from the first byte to the last."""

    def __init__(self, name="nacre host"):
        self._reader = FrameReader()
        self._hello = Hello(VERSION, VERSION, WINDOW, PAYLOAD_LIMIT, TAKEN, name)
        self._output = bytearray(b"\0")
        self._waiting = collections.deque()
        self._reset()

    def _reset(self):
        self.guest = None
        self._ready = False
        self._script_runs = False
        self._received = 0
        self._acknowledged_to_guest = 0
        self._sent = 0
        self._acknowledged_by_guest = 0

    def take_output(self):
        """Returns the bytes to send now, once; what was received is acknowledged with them."""
        if self._acknowledged_to_guest != self._received:
            self._send_unnumbered(Control.ACK)
        output = bytes(self._output)
        self._output.clear()
        return output

    def run_script(self, text):
        """Sends @text and has it run. The guest must be ready and idle."""
        if not self._ready or self._script_runs:
            raise LinkFailure(ErrorCode.STATE, "the guest does not take commands now")
        script = text.encode("utf-8", "surrogateescape")
        limit = min(PAYLOAD_LIMIT, self.guest.payload_limit)
        for start in range(0, len(script), limit):
            self._send(Channel.COMMAND, Command.TEXT, script[start : start + limit])
        self._send(Channel.COMMAND, Command.RUN)
        self._script_runs = True

    def power_off(self, status):
        """Has the guest shut down."""
        self._send(Channel.CONTROL, Control.POWEROFF, PowerOff(status).encode())

    def receive(self, data):
        """Returns the events in @data, a list of what messages.py and this module define.

        Raises LinkFailure when the session is over; an ERROR frame may then be left to send.
        """
        events = []
        for item in self._reader.feed(data):
            if isinstance(item, FrameError):
                if self.guest is not None:
                    self._fail(item.code, str(item))
                continue
            try:
                event = self._receive_frame(item)
            except PayloadError as error:
                self._fail(ErrorCode.PAYLOAD, str(error))
            if event is not None:
                events.append(event)
        return events

    def _receive_frame(self, frame):
        """Returns the event that @frame is, or None."""
        if frame.channel == Channel.CONTROL and frame.kind == Control.HELLO:
            return self._receive_hello(frame)
        if self.guest is None:
            return None
        if frame.channel not in KINDS or frame.kind not in set(KINDS[frame.channel]):
            self._fail(ErrorCode.UNKNOWN, f"channel {frame.channel}, kind {frame.kind}")
        if not self._hello.takes(frame.channel):
            self._fail(ErrorCode.UNKNOWN, f"channel {frame.channel} was not announced")
        self._note_acknowledged(frame.acknowledged)
        if frame.channel == Channel.CONTROL and frame.kind in UNNUMBERED:
            if frame.sequence != 0:
                self._fail(ErrorCode.SEQUENCE, "a number on an unnumbered frame")
            if frame.kind == Control.ERROR:
                error = LinkError.decode(frame.payload)
                raise LinkFailure(error.code, f"the guest reports {error.describe()}")
            return None
        expected = sequence_after(self._received)
        if frame.sequence != expected:
            self._fail(ErrorCode.SEQUENCE, f"frame {frame.sequence} where {expected} was due")
        self._received = expected
        if sequence_distance(self._acknowledged_to_guest, self._received) > WINDOW:
            self._fail(ErrorCode.WINDOW, f"more than {WINDOW} frames in flight")
        return self._receive_message(frame)

    def _receive_hello(self, frame):
        hello = Hello.decode(frame.payload)
        if not hello.version_lowest <= VERSION <= hello.version_highest:
            self._fail(
                ErrorCode.VERSION,
                f"the guest speaks versions {hello.version_lowest} to {hello.version_highest} of"
                f" the host link, this host version {VERSION}: build both from the same source",
            )
        is_repeated = self.guest == hello and self._received == 0
        if not is_repeated:
            self._reset()
            self.guest = hello
            self._waiting.clear()
        self._send_unnumbered(Control.HELLO, self._hello.encode())
        return None if is_repeated else hello

    def _receive_message(self, frame):
        channel, kind, payload = Channel(frame.channel), frame.kind, frame.payload
        if channel == Channel.LOG:
            return LogRecord.decode(payload)
        if channel == Channel.CONTROL:
            if kind == Control.READY:
                self._ready = True
                return Ready()
            return PowerOff.decode(payload)
        if kind not in (Command.STDOUT, Command.STDERR, Command.STATUS, Command.DONE):
            self._fail(ErrorCode.UNKNOWN, f"{Command(kind).name} is not for the host")
        if not self._script_runs:
            self._fail(ErrorCode.STATE, f"{Command(kind).name} while no script runs")
        if kind == Command.STATUS:
            return Status.decode(payload)
        if kind == Command.DONE:
            self._script_runs = False
            return Done.decode(payload)
        return Output(payload, kind == Command.STDERR)

    def _note_acknowledged(self, acknowledged):
        if acknowledged == self._acknowledged_by_guest:
            return
        newly = sequence_distance(self._acknowledged_by_guest, acknowledged)
        if newly > sequence_distance(self._acknowledged_by_guest, self._sent):
            self._fail(ErrorCode.SEQUENCE, f"frame {acknowledged} acknowledged, but never sent")
        self._acknowledged_by_guest = acknowledged
        self._flush()

    def _send(self, channel, kind, payload=b""):
        self._waiting.append((channel, kind, payload))
        self._flush()

    def _flush(self):
        """Sends what the guest's window has room for."""
        while self._waiting:
            in_flight = sequence_distance(self._acknowledged_by_guest, self._sent)
            if in_flight >= self.guest.window:
                return
            channel, kind, payload = self._waiting.popleft()
            self._sent = sequence_after(self._sent)
            self._put(Frame(channel, kind, self._sent, self._received, payload))

    def _send_unnumbered(self, kind, payload=b""):
        self._put(Frame(Channel.CONTROL, kind, 0, self._received, payload))

    def _put(self, frame):
        self._acknowledged_to_guest = frame.acknowledged
        self._output += frame.encode()

    def _fail(self, code, text):
        """Tells the guest and ends the session."""
        self._send_unnumbered(Control.ERROR, LinkError(code, text).encode())
        raise LinkFailure(code, text)
