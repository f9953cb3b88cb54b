# SPDX-License-Identifier: MIT
"""Frames: header, payload, checksum; and the reader that finds them in a byte stream.

Owns the layout of docs/host-link.md, section 1. Knows nothing of sequence rules (session.py) or of
what payloads mean (messages.py).
"""

import dataclasses
import struct
import zlib

from nacre_host.link import cobs

VERSION = 1
PAYLOAD_LIMIT = 4096
ENCODED_LIMIT = 4129

_HEADER = struct.Struct("<BBBBII")
_CHECKSUM = struct.Struct("<I")


class FrameError(ValueError):
    """A frame that cannot be read. @code is the number that an ERROR frame carries."""

    CHECKSUM = 2
    FORM = 4

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Frame:
    """One frame, decoded."""

    channel: int
    kind: int
    sequence: int = 0
    acknowledged: int = 0
    payload: bytes = b""
    version: int = VERSION

    def encode(self):
        """Returns the bytes that travel, closing zero included."""
        if len(self.payload) > PAYLOAD_LIMIT:
            raise FrameError(FrameError.FORM, f"a payload of {len(self.payload)} bytes")
        body = self.payload
        header = _HEADER.pack(
            self.version, self.channel, self.kind, 0, self.sequence, self.acknowledged
        )
        checksum = _CHECKSUM.pack(zlib.crc32(header + body))
        return cobs.encode(header + body + checksum) + b"\0"

    @classmethod
    def decode(cls, encoded):
        """Returns the frame in @encoded, which has no closing zero."""
        try:
            data = cobs.decode(encoded)
        except cobs.CobsError as error:
            raise FrameError(FrameError.FORM, str(error)) from error
        if len(data) < _HEADER.size + _CHECKSUM.size:
            raise FrameError(FrameError.FORM, f"a frame of {len(data)} bytes is too short")
        body, checksum = data[: -_CHECKSUM.size], data[-_CHECKSUM.size :]
        if zlib.crc32(body) != _CHECKSUM.unpack(checksum)[0]:
            raise FrameError(FrameError.CHECKSUM, "the checksum is wrong")
        version, channel, kind, flags, sequence, acknowledged = _HEADER.unpack_from(body)
        if version != VERSION:
            raise FrameError(FrameError.FORM, f"frame version {version}, expected {VERSION}")
        if flags != 0:
            raise FrameError(FrameError.FORM, f"unknown flags {flags:#x}")
        return cls(channel, kind, sequence, acknowledged, body[_HEADER.size :])


class FrameReader:
    """Cuts a byte stream into frames, in bounded memory."""

    def __init__(self):
        self._encoded = bytearray()
        self._too_long = False

    def feed(self, data):
        """Yields, for each frame that @data completes, the Frame or the FrameError it gave."""
        pieces = data.split(b"\0")
        for piece in pieces[:-1]:
            self._add(piece)
            yield from self._finish()
        self._add(pieces[-1])

    def _add(self, piece):
        room = ENCODED_LIMIT - len(self._encoded)
        self._too_long = self._too_long or len(piece) > room
        self._encoded += piece[:room]

    def _finish(self):
        encoded, too_long = bytes(self._encoded), self._too_long
        self._encoded.clear()
        self._too_long = False
        if too_long:
            yield FrameError(FrameError.FORM, f"a frame of more than {ENCODED_LIMIT} bytes")
        elif encoded:
            try:
                yield Frame.decode(encoded)
            except FrameError as error:
                yield error
