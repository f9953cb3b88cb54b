# SPDX-License-Identifier: MIT
"""Consistent overhead byte stuffing: bytes without zeros, so that a zero can end a frame.

Owns the encoding alone; frame.py owns what is inside. Read docs/host-link.md, section 1, first.
"""

LONGEST_RUN = 254


class CobsError(ValueError):
    """The bytes are not something that encode() makes."""


def encode(data):
    """Returns @data encoded, without the closing zero."""
    encoded = bytearray()
    for run in data.split(b"\0"):
        while len(run) >= LONGEST_RUN:
            encoded.append(0xFF)
            encoded += run[:LONGEST_RUN]
            run = run[LONGEST_RUN:]
        encoded.append(len(run) + 1)
        encoded += run
    return bytes(encoded)


def decode(encoded):
    """Returns the data in @encoded, which has no closing zero."""
    data = bytearray()
    position = 0
    while position < len(encoded):
        code = encoded[position]
        if code == 0:
            raise CobsError("a zero inside a frame")
        run = encoded[position + 1 : position + code]
        if len(run) != code - 1:
            raise CobsError("the last run is cut short")
        if 0 in run:
            raise CobsError("a zero inside a frame")
        data += run
        position += code
        if code != 0xFF and position < len(encoded):
            data.append(0)
    return bytes(data)
