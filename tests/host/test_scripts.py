# SPDX-License-Identifier: MIT
"""The build's Python scripts: archive, first program, assembler offsets."""

import contextlib
import io
import pathlib
import struct
import tarfile
import tempfile
import unittest

import make_archive
import make_offsets
import make_root


class Archive(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.top = pathlib.Path(directory.name)

    def write(self, name, data, mode=0o644):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
        return path

    def members(self):
        return make_archive.members_from_overlay(self.top)

    def test_every_tar_reader_finds_the_same_files(self):
        self.write("etc/motd", b"hello\n")
        self.write("bin/tool", b"\x7fELF" + bytes(9000), 0o755)
        archive = make_archive.archive_from_members(self.members(), 7)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            names = tar.getnames()
            self.assertEqual(names, ["bin", "bin/tool", "etc", "etc/motd"])
            self.assertEqual(tar.extractfile("etc/motd").read(), b"hello\n")
            self.assertEqual(tar.getmember("bin/tool").mode, 0o755)
            self.assertEqual({member.mtime for member in tar.getmembers()}, {7})

    def test_files_of_a_page_or_more_start_on_a_page_wherever_they_come(self):
        for number in range(12):
            self.write(f"small{number:02}", b"x" * (700 * number))
            self.write(f"small{number:02}large", b"y" * (4096 + 512 * number))
        archive = make_archive.archive_from_members(self.members(), 0)
        self.assertEqual(len(archive) % 4096, 0)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            large = [member for member in tar.getmembers() if member.size >= 4096]
            self.assertGreaterEqual(len(large), 12)
            for member in large:
                self.assertEqual(member.offset_data % 4096, 0, member.name)

    def test_only_files_directories_and_comment_headers_are_in_it(self):
        self.write("a", bytes(5000))
        self.write("b/c", bytes(5000))
        archive = make_archive.archive_from_members(self.members(), 0)
        kinds, position = set(), 0
        while archive[position]:
            header = archive[position : position + 512]
            self.assertEqual(header[257:265], b"ustar\00000")
            kinds.add(header[156:157])
            position += 512 + (int(header[124:135], 8) + 511) // 512 * 512
        self.assertEqual(kinds, {b"0", b"5", b"x"})

    def test_the_same_input_gives_the_same_bytes(self):
        self.write("z", b"1")
        first = make_archive.archive_from_members(self.members(), 5)
        self.write("a", b"2")
        (self.top / "a").unlink()
        self.assertEqual(make_archive.archive_from_members(self.members(), 5), first)

    def test_a_link_is_refused_by_name(self):
        (self.top / "link").symlink_to("target")
        with self.assertRaisesRegex(make_archive.ArchiveError, "link: only files"):
            self.members()

    def test_a_name_that_ustar_cannot_hold_is_refused(self):
        members = {"x" * 101: self.write("x", b"")}
        with self.assertRaises(make_archive.ArchiveError):
            make_archive.archive_from_members(members, 0)

    def test_a_file_from_two_places_is_refused(self):
        path = self.write("a/f", b"")
        error = io.StringIO()
        with contextlib.redirect_stderr(error):
            arguments = [str(self.top / "o"), "--overlay", str(path.parent), "--file", f"f={path}"]
            self.assertEqual(make_archive.main(arguments), 1)
        self.assertIn("f comes from", error.getvalue())


def elf(segments=None, kind=3, machine=62, entry=0x1004):
    """Returns an ELF64 file with (flags, address, contents, size in memory) for each segment."""
    if segments is None:
        segments = [
            (4, 0, b"headers", 7),
            (5, 0x1000, b"code", 4),
            (4, 0x2000, b"constants", 9),
            (6, 0x3010, b"data", 0x2000),
        ]
    identification = b"\x7fELF\x02" + bytes(11)
    header = struct.pack("<HHIQQQIHHH6x", kind, machine, 1, entry, 64, 0, 0, 64, 56, len(segments))
    table, contents = b"", b""
    for flags, address, data, size in segments:
        offset = 64 + 56 * len(segments) + len(contents)
        table += struct.pack("<IIQQQQQQ", 1, flags, offset, address, address, len(data), size, 4096)
        contents += data
    return identification + header + table + contents


class Root(unittest.TestCase):
    def test_the_image_is_the_program_as_it_lies_in_memory_behind_a_page_that_describes_it(self):
        image = make_root.image_from_elf(elf())
        header = struct.unpack_from("<6Q", image)
        self.assertEqual(header, (make_root.MAGIC, 0x1000, 0x2000, 0x3000, 0x6000, 0x1004))
        memory = image[4096:]
        self.assertEqual(len(memory), 0x6000)
        self.assertEqual(memory[0x1000:0x1006], b"code\0\0")
        self.assertEqual(memory[0x3010:0x3016], b"data\0\0")
        self.assertEqual(memory[0x3014:], bytes(0x6000 - 0x3014))

    def test_what_is_no_program_for_this_machine_is_refused(self):
        for data in (b"", b"MZ" + bytes(100), elf(kind=2), elf(machine=3)):
            with self.assertRaises(make_root.RootError):
                make_root.image_from_elf(data)

    def test_segments_that_share_pages_or_rights_are_refused(self):
        code, constants, data = (5, 0x1000, b"c", 1), (4, 0x2000, b"r", 1), (6, 0x3000, b"d", 1)
        for segments in (
            [code, constants, data],
            [(4, 0, b"h", 0x1001), code, constants, data],
            [(4, 0, b"h", 1), (7, 0x1000, b"c", 1), constants, data],
        ):
            with self.assertRaisesRegex(make_root.RootError, "separate-code"):
                make_root.image_from_elf(elf(segments))


class Offsets(unittest.TestCase):
    def test_marks_of_both_assemblers_become_definitions(self):
        text = "\tmovl %eax, %ebx\n#APP\n->THREAD_STATE $16\n\t->CPU_SELF 8\n->MINUS $-1\n"
        offsets = make_offsets.offsets_from_assembly(text)
        self.assertEqual(offsets, [("THREAD_STATE", 16), ("CPU_SELF", 8), ("MINUS", -1)])
        self.assertIn("#define THREAD_STATE 16\n", make_offsets.header_from_offsets(offsets))

    def test_a_mark_that_is_no_number_a_name_twice_and_no_mark_are_refused(self):
        for text in ("->A %rax\n", "->A $1\n->A $2\n", "nop\n"):
            with self.assertRaises(ValueError):
                make_offsets.offsets_from_assembly(text)


if __name__ == "__main__":
    unittest.main()
