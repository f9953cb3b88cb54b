# SPDX-License-Identifier: MIT
"""The build's Python scripts: archive, bundle, assembler offsets."""

import contextlib
import io
import pathlib
import struct
import tarfile
import tempfile
import unittest

import make_archive
import make_bundle
import make_offsets


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


def elf(size, table_at, entries=2):
    """Returns an ELF64 file of @size bytes whose section header table is at @table_at."""
    header = bytearray(size)
    header[:5] = b"\x7fELF\x02"
    struct.pack_into("<Q10xHH", header, 40, table_at, 64, entries)
    return bytes(header)


class Bundle(unittest.TestCase):
    def test_the_archive_follows_on_the_next_page(self):
        bundle = make_bundle.bundle_from_parts(elf(5000, 5000 - 128), b"archive")
        self.assertEqual(bundle[8192:], b"archive")
        bundle = make_bundle.bundle_from_parts(elf(8192, 8192 - 128), b"archive")
        self.assertEqual(bundle[8192:], b"archive")

    def test_an_elf_file_that_goes_on_after_its_table_is_refused(self):
        with self.assertRaisesRegex(make_bundle.BundleError, "ends at 4000"):
            make_bundle.bundle_from_parts(elf(5000, 4000 - 128), b"")

    def test_no_elf_and_no_table_are_refused(self):
        for data in (b"", b"MZ" + bytes(100), elf(5000, 0), elf(5000, 100, 0)):
            with self.assertRaises(make_bundle.BundleError):
                make_bundle.bundle_from_parts(data, b"")


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
