# SPDX-License-Identifier: MIT
"""The session rules, with a fake guest at the other end of a socket pair."""

import socket
import threading
import unittest

from fake_guest import FakeGuest, interpret
from nacre_host.link.frame import Frame
from nacre_host.link.messages import Done, ErrorCode, Hello, PowerOff, Status
from nacre_host.link.session import (
    LinkFailure,
    Output,
    Ready,
    Session,
    sequence_after,
    sequence_distance,
)


# Seconds after which a test has failed; only a broken one waits so long, however busy the machine.
LONGEST_WAIT = 120


def hello(versions=(1, 1), window=4):
    return Frame(0, 1, payload=Hello(*versions, window, 4096, 3, "test").encode()).encode()


def started_session():
    """Returns a session whose guest is ready."""
    session = Session()
    session.receive(hello() + Frame(0, 4, 1, 0).encode())
    session.take_output()
    return session


class Exchange:
    """Runs a guest's behaviour in a thread against a session, and collects what the host sees."""

    def __init__(self, behaviour, script, **guest_options):
        ours, theirs = socket.socketpair()
        self.guest = FakeGuest(theirs, **guest_options)
        self.events = []
        self.session = Session()
        thread = threading.Thread(target=behaviour, args=(self.guest,), daemon=True)
        thread.start()
        ours.settimeout(LONGEST_WAIT)
        with ours:
            while data := ours.recv(1000):
                self._note(self.session.receive(data), script)
                ours.sendall(self.session.take_output())
        thread.join(LONGEST_WAIT)

    def _note(self, events, script):
        for event in events:
            self.events.append(event)
            if isinstance(event, Ready):
                self.session.run_script(script)
            elif isinstance(event, Done):
                self.session.power_off(event.status)

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


def run_one_script(guest):
    guest.say_hello()
    guest.send(0, 4)
    guest.run_script(interpret)
    guest.announce_power_off(guest.take_power_off())
    guest.finish()


class AWholeRun(unittest.TestCase):
    def test_output_statuses_and_ending_come_in_order(self):
        run = Exchange(run_one_script, "echo one; fail 3; complain; echo two")
        self.assertEqual(
            run.of(Output),
            [
                Output(b"one\n", False),
                Output(b"something is wrong\n", True),
                Output(b"two\n", False),
            ],
        )
        statuses = [(status.index, status.status) for status in run.of(Status)]
        self.assertEqual(statuses, [(1, 0), (2, 3), (3, 1), (4, 0)])
        self.assertEqual(run.of(Done), [Done(3, 4, 2)])
        self.assertEqual(run.of(PowerOff), [PowerOff(3)])

    def test_a_long_script_arrives_whole_within_the_smallest_window(self):
        for window in (1, 2, 5):
            script = "; ".join(f"echo {number:0100d}" for number in range(300))
            run = Exchange(run_one_script, script, window=window, payload_limit=256)
            self.assertEqual(run.of(Done), [Done(0, 300, 0)])
            self.assertLessEqual(run.guest.most_unacknowledged, window)

    def test_a_megabyte_of_output_arrives_whole(self):
        run = Exchange(run_one_script, "flood 1000000")
        self.assertEqual(sum(len(output.data) for output in run.of(Output)), 1000000)


class Beginning(unittest.TestCase):
    def test_noise_before_hello_is_ignored(self):
        session = Session()
        self.assertEqual(session.receive(b"SeaBIOS\r\n\0\x05ab\0" + b"z" * 9000 + b"\0"), [])
        (event,) = session.receive(hello())
        self.assertIsInstance(event, Hello)

    def test_a_repeated_hello_is_answered_and_begins_nothing_anew(self):
        session = Session()
        self.assertEqual(len(session.receive(hello())), 1)
        self.assertNotEqual(session.take_output(), b"")
        self.assertEqual(session.receive(hello()), [])
        self.assertNotEqual(session.take_output(), b"")

    def test_another_version_is_named_in_the_failure(self):
        session = Session()
        with self.assertRaises(LinkFailure) as caught:
            session.receive(hello(versions=(2, 3)))
        self.assertIn("versions 2 to 3", str(caught.exception))
        self.assertNotEqual(session.take_output(), b"")

    def test_a_script_cannot_run_before_the_guest_is_ready(self):
        session = Session()
        session.receive(hello())
        with self.assertRaises(LinkFailure):
            session.run_script("echo")


class Breaches(unittest.TestCase):
    def assert_fails(self, data, code):
        session = started_session()
        session.run_script("echo")
        session.take_output()
        with self.assertRaises(LinkFailure) as caught:
            session.receive(data)
        self.assertEqual(caught.exception.code, code)
        self.assertNotEqual(session.take_output(), b"", "the guest must be told")

    def test_a_gap_in_the_numbers(self):
        self.assert_fails(Frame(1, 0x81, 3, 0, b"x").encode(), ErrorCode.SEQUENCE)

    def test_a_frame_twice(self):
        self.assert_fails(Frame(1, 0x81, 1, 0, b"x").encode(), ErrorCode.SEQUENCE)

    def test_a_wrong_checksum(self):
        frame = bytearray(Frame(1, 0x81, 2, 0, b"xyz").encode())
        frame[-2] = frame[-2] % 255 + 1
        self.assert_fails(bytes(frame), ErrorCode.CHECKSUM)

    def test_an_unknown_channel_and_an_unknown_kind(self):
        self.assert_fails(Frame(9, 1, 2, 0).encode(), ErrorCode.UNKNOWN)
        self.assert_fails(Frame(1, 0x99, 2, 0).encode(), ErrorCode.UNKNOWN)

    def test_a_channel_that_the_host_did_not_announce(self):
        self.assert_fails(Frame(3, 1, 2, 0, b"trace").encode(), ErrorCode.UNKNOWN)

    def test_a_kind_that_only_the_host_may_send(self):
        self.assert_fails(Frame(1, 1, 2, 0, b"text").encode(), ErrorCode.UNKNOWN)

    def test_a_payload_of_the_wrong_shape(self):
        self.assert_fails(Frame(1, 0x84, 2, 0, b"short").encode(), ErrorCode.PAYLOAD)

    def test_an_acknowledgement_of_what_was_never_sent(self):
        self.assert_fails(Frame(0, 2, 0, 1000).encode(), ErrorCode.SEQUENCE)

    def test_more_frames_than_the_window_has_room_for(self):
        frames = b"".join(Frame(1, 0x81, n, 0, b"x").encode() for n in range(2, 70))
        self.assert_fails(frames, ErrorCode.WINDOW)

    def test_output_while_no_script_runs(self):
        session = started_session()
        with self.assertRaises(LinkFailure) as caught:
            session.receive(Frame(1, 0x81, 2, 0, b"x").encode())
        self.assertEqual(caught.exception.code, ErrorCode.STATE)

    def test_an_error_of_the_guest_ends_the_session_with_its_words(self):
        session = started_session()
        with self.assertRaises(LinkFailure) as caught:
            session.receive(Frame(0, 3, 0, 0, b"\x06\x00too many frames").encode())
        self.assertIn("window: too many frames", str(caught.exception))


class Numbers(unittest.TestCase):
    def test_numbering_goes_round_without_zero(self):
        self.assertEqual(sequence_after(0), 1)
        self.assertEqual(sequence_after(0xFFFFFFFF), 1)
        self.assertEqual(sequence_distance(0xFFFFFFFF, 1), 1)
        self.assertEqual(sequence_distance(0, 5), 5)
        self.assertEqual(sequence_distance(0xFFFFFFFE, 2), 3)


if __name__ == "__main__":
    unittest.main()
