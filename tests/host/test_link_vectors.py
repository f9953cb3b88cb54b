# SPDX-License-Identifier: MIT
"""The vectors of docs/host-link.md, section 5, against the encoder and the decoder."""

import re
import unittest

from nacre_host.link import cobs
from nacre_host.link.frame import ENCODED_LIMIT, PAYLOAD_LIMIT, Frame, FrameError, FrameReader
from nacre_host.link.messages import Done, Hello, LinkError, LogRecord, PowerOff, Status
from nacre_host.project import TOP

HOST_LINK = TOP / "docs" / "host-link.md"

EXPECTED = {
    "HELLO of a guest": Frame(0, 1, payload=Hello(1, 1, 4, 4096, 3, "nacre 0.1.0").encode()),
    "HELLO of a host": Frame(0, 1, payload=Hello(1, 1, 64, 4096, 7, "nacre host").encode()),
    "ACK": Frame(0, 2, 0, 258),
    "ERROR": Frame(0, 3, 0, 2, LinkError(3, "frame 4 after 2").encode()),
    "READY": Frame(0, 4, 1, 0),
    "TEXT": Frame(1, 1, 1, 1, b"echo hi; false\n"),
    "RUN": Frame(1, 2, 2, 1),
    "STDOUT, number 2": Frame(1, 0x81, 2, 2, b"hi\n\0\0"),
    "STATUS": Frame(1, 0x83, 3, 2, Status(1, 0, 1500000, "echo hi").encode()),
    "DONE": Frame(1, 0x84, 5, 2, Done(1, 2, 1).encode()),
    "RECORD": Frame(2, 1, 6, 2, LogRecord(2000000001, 2, "pager", "low on memory").encode()),
    "POWEROFF": Frame(0, 5, 3, 6, PowerOff(1).encode()),
    "STDOUT, number 7": Frame(1, 0x81, 7, 3, bytes(1 + i % 255 for i in range(300))),
}


def vectors():
    """Returns [(description, bytes)] of the document."""
    rows = re.findall(r"^\| (.*) \| `([0-9a-f]+)` \|$", HOST_LINK.read_text(), re.MULTILINE)
    return [(description, bytes.fromhex(text)) for description, text in rows]


class TheDocument(unittest.TestCase):
    def test_each_vector_is_what_the_encoder_makes_and_the_decoder_reads(self):
        rows = vectors()
        self.assertEqual(len(rows), len(EXPECTED))
        for (description, encoded), (start, frame) in zip(rows, EXPECTED.items()):
            with self.subTest(description):
                self.assertTrue(description.startswith(start))
                self.assertEqual(frame.encode(), encoded)
                self.assertEqual(list(FrameReader().feed(encoded)), [frame])


class Cobs(unittest.TestCase):
    def test_every_length_around_the_longest_run_survives(self):
        for length in (*range(5), *range(250, 260), *range(505, 515), 4112):
            for data in (b"x" * length, bytes(length), b"x" * length + b"\0" + b"y" * length):
                encoded = cobs.encode(data)
                self.assertNotIn(0, encoded)
                self.assertEqual(cobs.decode(encoded), data)

    def test_an_encoder_that_leaves_out_the_last_empty_run_is_understood(self):
        self.assertEqual(cobs.decode(b"\xff" + b"x" * 254), b"x" * 254)

    def test_a_run_that_is_cut_short_is_refused(self):
        with self.assertRaises(cobs.CobsError):
            cobs.decode(b"\x05abc")


class Frames(unittest.TestCase):
    def test_the_largest_frame_fits_the_stated_limit(self):
        frame = Frame(255, 255, 0xFFFFFFFF, 0xFFFFFFFF, b"\xff" * PAYLOAD_LIMIT)
        self.assertLessEqual(len(frame.encode()), ENCODED_LIMIT + 1)
        self.assertEqual(list(FrameReader().feed(frame.encode())), [frame])

    def test_a_flipped_bit_is_found_wherever_it_is(self):
        data = bytearray(cobs.decode(Frame(1, 0x81, 2, 2, b"some bytes").encode()[:-1]))
        for bit in range(len(data) * 8):
            data[bit // 8] ^= 1 << bit % 8
            with self.assertRaises(FrameError) as caught:
                Frame.decode(cobs.encode(bytes(data)))
            self.assertEqual(caught.exception.code, FrameError.CHECKSUM)
            data[bit // 8] ^= 1 << bit % 8

    def test_a_stream_cut_into_single_bytes_gives_the_same_frames(self):
        frames = [Frame(1, 0x81, n, 0, bytes([n, 0, n])) for n in range(1, 4)]
        stream = b"\0".join(frame.encode() for frame in frames)
        reader = FrameReader()
        found = [frame for byte in stream for frame in reader.feed(bytes([byte]))]
        self.assertEqual(found, frames)

    def test_an_endless_frame_is_reported_once_and_the_next_one_is_read(self):
        reader = FrameReader()
        for _ in range(100):
            self.assertEqual(list(reader.feed(b"x" * 1000)), [])
        good = Frame(0, 2, 0, 1)
        bad, found = reader.feed(b"\0" + good.encode())
        self.assertEqual(bad.code, FrameError.FORM)
        self.assertEqual(found, good)

    def test_a_frame_that_is_too_short_or_has_flags_is_refused(self):
        import struct
        import zlib

        for body in (b"short", bytes([1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0])):
            data = body + struct.pack("<I", zlib.crc32(body))
            with self.assertRaises(FrameError) as caught:
                Frame.decode(cobs.encode(data))
            self.assertEqual(caught.exception.code, FrameError.FORM)


if __name__ == "__main__":
    unittest.main()
