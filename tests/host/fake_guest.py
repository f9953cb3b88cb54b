# SPDX-License-Identifier: MIT
"""A guest that speaks the host link from the other side: for tests of the host.

Owns the guest's half of docs/host-link.md, written from the document and not from the host's code:
only the frame encoding is shared, which test_link_vectors.py checks against the document's bytes.
"""

import socket
import struct

from nacre_host.link.frame import Frame, FrameReader

HELLO, ACK, ERROR, READY, POWEROFF = 1, 2, 3, 4, 5
TEXT, RUN = 1, 2
STDOUT, STDERR, STATUS, DONE = 0x81, 0x82, 0x83, 0x84


class FakeGuest:
    """The guest's end of a link over a connected socket. Blocking; never waits for a timer."""

    def __init__(self, link, window=2, versions=(1, 1), payload_limit=4096):
        self.link = link
        self.window = window
        self.versions = versions
        self.payload_limit = payload_limit
        self.reader = FrameReader()
        self.frames = []
        self.sent = 0
        self.acknowledged_by_host = 0
        self.received = 0
        self.unacknowledged = 0
        self.most_unacknowledged = 0
        self.host_window = None
        self.error = None

    def say_hello(self):
        """Sends HELLO and waits for the host's, or for its ERROR."""
        self.link.sendall(b"\0")
        self.send_hello()
        while self.host_window is None and self.error is None:
            self.take()

    def send_hello(self):
        payload = struct.pack("<HHHHII", *self.versions, self.window, 0, self.payload_limit, 3)
        self.put(Frame(0, HELLO, 0, 0, payload + b"fake guest"))

    def send(self, channel, kind, payload=b""):
        """Sends a numbered frame, once the host's window has room."""
        while self.sent - self.acknowledged_by_host >= self.host_window:
            self.take()
        self.sent += 1
        self.put(Frame(channel, kind, self.sent, self.received, payload))

    def put(self, frame):
        if frame.sequence or frame.kind == ACK:
            self.unacknowledged = 0
        self.link.sendall(frame.encode())

    def take(self):
        """Returns the next numbered frame of the host, acknowledged, or None for another one."""
        while not self.frames:
            data = self.link.recv(4096)
            if not data:
                raise EOFError("the host closed the link")
            self.frames += self.reader.feed(data)
        frame = self.frames.pop(0)
        if isinstance(frame, Exception):
            raise frame
        self.acknowledged_by_host = max(self.acknowledged_by_host, frame.acknowledged)
        if frame.sequence == 0:
            self.note_unnumbered(frame)
            return None
        if frame.sequence != self.received + 1:
            raise AssertionError(f"frame {frame.sequence} after {self.received}")
        self.received = frame.sequence
        self.unacknowledged += 1
        self.most_unacknowledged = max(self.most_unacknowledged, self.unacknowledged)
        if self.unacknowledged * 2 >= self.window:
            self.put(Frame(0, ACK, 0, self.received))
        return frame

    def note_unnumbered(self, frame):
        if frame.kind == HELLO:
            self.host_window = struct.unpack_from("<HHH", frame.payload)[2]
        elif frame.kind == ERROR:
            code = struct.unpack_from("<H", frame.payload)[0]
            self.error = (code, frame.payload[2:].decode())

    def take_script(self):
        """Returns the text of the next script that the host wants to run."""
        script = b""
        while True:
            frame = self.take()
            if frame is None:
                continue
            if (frame.channel, frame.kind) == (1, RUN):
                return script.decode()
            if (frame.channel, frame.kind) != (1, TEXT):
                raise AssertionError(f"{frame} within a script")
            script += frame.payload

    def take_power_off(self):
        """Returns the status with which the host wants the guest to end."""
        while True:
            frame = self.take()
            if frame is not None:
                if (frame.channel, frame.kind) != (0, POWEROFF):
                    raise AssertionError(f"{frame} instead of POWEROFF")
                return struct.unpack("<i", frame.payload)[0]

    def send_status(self, index, status, command):
        self.send(1, STATUS, struct.pack("<IiQ", index, status, 1000) + command.encode())

    def send_done(self, status, commands, failed):
        self.send(1, DONE, struct.pack("<iII", status, commands, failed))

    def run_script(self, interpreter):
        """Answers one script. @interpreter(command) returns (standard output, error, status)."""
        commands = [part.strip() for part in self.take_script().replace("\n", ";").split(";")]
        statuses = []
        for command in filter(None, commands):
            output, error, status = interpreter(command)
            for kind, data in ((STDOUT, output), (STDERR, error)):
                for start in range(0, len(data), 4096):
                    self.send(1, kind, data[start : start + 4096])
            statuses.append(status)
            self.send_status(len(statuses), status, command)
        failed = [status for status in statuses if status]
        self.send_done(failed[0] if failed else 0, len(statuses), len(failed))

    def announce_power_off(self, status):
        self.send(0, POWEROFF, struct.pack("<i", status))

    def finish(self):
        """Ends the link without losing what is under way: a plain close() with unread bytes would."""
        self.link.shutdown(socket.SHUT_WR)
        while self.link.recv(4096):
            pass
        self.link.close()


def interpret(command):
    """A shell of four commands: echo, fail N, complain, flood N (bytes)."""
    word, _, rest = command.partition(" ")
    if word == "echo":
        return rest.encode() + b"\n", b"", 0
    if word == "fail":
        return b"", b"", int(rest)
    if word == "complain":
        return b"", b"something is wrong\n", 1
    if word == "flood":
        return b"x" * int(rest), b"", 0
    return b"", f"{word}: no such command\n".encode(), 127
