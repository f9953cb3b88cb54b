# SPDX-License-Identifier: MIT
"""What frames mean: channels, kinds, and the payload of each kind.

Owns the tables of docs/host-link.md, section 3, for both directions. Knows nothing of when a
message is allowed (session.py).
"""

import dataclasses
import enum
import struct


class Channel(enum.IntEnum):
    """Who in the guest and on the host a frame is for."""

    CONTROL = 0
    COMMAND = 1
    LOG = 2
    TRACE = 3
    GDB = 4


class Control(enum.IntEnum):
    """Kinds on Channel.CONTROL."""

    HELLO = 1
    ACK = 2
    ERROR = 3
    READY = 4
    POWEROFF = 5


UNNUMBERED = {Control.HELLO, Control.ACK, Control.ERROR}


class Command(enum.IntEnum):
    """Kinds on Channel.COMMAND."""

    TEXT = 1
    RUN = 2
    STDOUT = 0x81
    STDERR = 0x82
    STATUS = 0x83
    DONE = 0x84


class Log(enum.IntEnum):
    """Kinds on Channel.LOG."""

    RECORD = 1


class Stream(enum.IntEnum):
    """Kinds on Channel.TRACE and Channel.GDB."""

    DATA = 1


KINDS = {
    Channel.CONTROL: Control,
    Channel.COMMAND: Command,
    Channel.LOG: Log,
    Channel.TRACE: Stream,
    Channel.GDB: Stream,
}


class ErrorCode(enum.IntEnum):
    """What an ERROR frame complains of."""

    VERSION = 1
    CHECKSUM = 2
    SEQUENCE = 3
    FRAME = 4
    UNKNOWN = 5
    WINDOW = 6
    PAYLOAD = 7
    STATE = 8


class PayloadError(ValueError):
    """A payload that does not have the shape its kind demands."""


def _unpack(layout, payload):
    """Returns the fields of @layout at the start of @payload, and the text after them."""
    if len(payload) < layout.size:
        raise PayloadError(f"{len(payload)} bytes where at least {layout.size} are needed")
    return layout.unpack_from(payload), payload[layout.size :].decode("utf-8", "replace")


@dataclasses.dataclass(frozen=True)
class Hello:
    """Who is there, and what it takes."""

    version_lowest: int
    version_highest: int
    window: int
    payload_limit: int
    channels: int
    name: str

    _LAYOUT = struct.Struct("<HHHHII")

    def encode(self):
        fields = self._LAYOUT.pack(
            self.version_lowest,
            self.version_highest,
            self.window,
            0,
            self.payload_limit,
            self.channels,
        )
        return fields + self.name.encode()

    @classmethod
    def decode(cls, payload):
        fields, name = _unpack(cls._LAYOUT, payload)
        lowest, highest, window, zero, limit, channels = fields
        if window < 1 or zero != 0 or not 256 <= limit <= 4096 or lowest > highest:
            raise PayloadError("HELLO has a field out of range")
        return cls(lowest, highest, window, limit, channels, name)

    def takes(self, channel):
        """Whether the sender takes frames on @channel."""
        return channel == Channel.CONTROL or bool(self.channels >> channel & 1)


@dataclasses.dataclass(frozen=True)
class LinkError:
    """The last word of a session that went wrong."""

    code: int
    text: str

    _LAYOUT = struct.Struct("<H")

    def encode(self):
        return self._LAYOUT.pack(self.code) + self.text.encode()

    @classmethod
    def decode(cls, payload):
        (code,), text = _unpack(cls._LAYOUT, payload)
        return cls(code, text)

    def describe(self):
        """Returns the code's name and the text, for people."""
        known = self.code in ErrorCode.__members__.values()
        name = ErrorCode(self.code).name.lower() if known else f"code {self.code}"
        return f"{name}: {self.text}" if self.text else name


@dataclasses.dataclass(frozen=True)
class PowerOff:
    """Shut down, or shutting down, with a status."""

    status: int

    _LAYOUT = struct.Struct("<i")

    def encode(self):
        return self._LAYOUT.pack(self.status)

    @classmethod
    def decode(cls, payload):
        (status,), _ = _unpack(cls._LAYOUT, payload)
        return cls(status)


@dataclasses.dataclass(frozen=True)
class Status:
    """How one command ended."""

    index: int
    status: int
    elapsed: int
    command: str

    _LAYOUT = struct.Struct("<IiQ")

    def encode(self):
        return self._LAYOUT.pack(self.index, self.status, self.elapsed) + self.command.encode()

    @classmethod
    def decode(cls, payload):
        fields, command = _unpack(cls._LAYOUT, payload)
        return cls(*fields, command)


@dataclasses.dataclass(frozen=True)
class Done:
    """How a whole script ended."""

    status: int
    commands: int
    failed: int

    _LAYOUT = struct.Struct("<iII")

    def encode(self):
        return self._LAYOUT.pack(self.status, self.commands, self.failed)

    @classmethod
    def decode(cls, payload):
        fields, _ = _unpack(cls._LAYOUT, payload)
        return cls(*fields)


@dataclasses.dataclass(frozen=True)
class LogRecord:
    """One line of the guest's log."""

    time: int
    level: int
    source: str
    text: str

    LEVELS = ("debug", "info", "warning", "error")
    _LAYOUT = struct.Struct("<QBB")

    def encode(self):
        source = self.source.encode()
        return self._LAYOUT.pack(self.time, self.level, len(source)) + source + self.text.encode()

    @classmethod
    def decode(cls, payload):
        (time, level, length), _ = _unpack(cls._LAYOUT, payload)
        rest = payload[cls._LAYOUT.size :]
        if len(rest) < length or level >= len(cls.LEVELS):
            raise PayloadError("RECORD has a field out of range")
        source, text = rest[:length], rest[length:]
        return cls(time, level, source.decode("utf-8", "replace"), text.decode("utf-8", "replace"))

    def describe(self):
        """Returns the record as a line for people."""
        return f"[{self.time / 1e9:12.6f}] {self.source} {self.LEVELS[self.level]}: {self.text}"
