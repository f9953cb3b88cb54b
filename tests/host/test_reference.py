# SPDX-License-Identifier: MIT
"""The reference tables: read rightly from the headers, and current in docs/."""

import unittest

import abi_source
import make_reference

HEADER = """
/* Head. */
#define SIMPLE 1u /* first */
#define SHIFTED (UINT64_C(1) << 4)
#define BOTH (SIMPLE | SHIFTED) /* two
                                   lines */
#define CONTINUED \\
\t3u /* on the next line */
#define CALL(x) ((x) + 1)
#define GUARD_H
enum kind {
\tKIND_A = 1, /* one */
\tKIND_B =
\t\t2,
};
struct sample {
\tuint32_t first; /* after */
\t/*
\t * Before,
\t * in two lines.
\t */
\tuint64_t
\t\tsecond[4];
\tuint16_t a, b;
};
"""


class Reading(unittest.TestCase):
    def test_constants_come_with_value_and_comment(self):
        found = {c.name: (c.value, c.text) for c in abi_source.constants(HEADER)}
        self.assertEqual(
            found,
            {
                "SIMPLE": (1, "first"),
                "SHIFTED": (16, ""),
                "BOTH": (17, "two lines"),
                "CONTINUED": (3, "on the next line"),
                "KIND_A": (1, "one"),
                "KIND_B": (2, ""),
            },
        )

    def test_fields_lie_where_the_compiler_puts_them(self):
        fields, size = abi_source.structure(HEADER, "sample", {}, abi_source.basic_sizes())
        self.assertEqual(
            [(field.offset, field.name, field.text) for field in fields],
            [
                (0, "first", "after"),
                (8, "second", "Before, in two lines."),
                (40, "a", ""),
                (42, "b", ""),
            ],
        )
        self.assertEqual(size, 48)

    def test_what_is_not_understood_is_an_error(self):
        with self.assertRaises(abi_source.SourceError):
            abi_source.constants("#define WORD something_else\n")
        with self.assertRaises(abi_source.SourceError):
            abi_source.structure("struct odd {\n\tint (*f)(void);\n};", "odd", {}, {})

    def test_neighbouring_strings_of_a_list_are_one(self):
        text = 'ENTRY(A, 1, "one, (two)"\n  " three")  /* ENTRY(B, 2) */\n'
        self.assertEqual(
            abi_source.list_entries(text, "ENTRY"), [["A", "1", "one, (two) three"]]
        )

    def test_offsets_agree_with_those_that_the_header_states(self):
        text = make_reference.header("utcb.h")
        stated = abi_source.stated_offsets(text, "utcb")
        self.assertGreater(len(stated), 4)
        rows = make_reference.structure_table("utcb")
        for field, offset in stated.items():
            self.assertTrue(any(row.startswith(f"| {offset:#x} | `{field}` |") for row in rows))

    def test_the_comment_before_an_entry_describes_it(self):
        text = "/*\n * does it;\n *     twice\n * in: w0 a\n * out items: b\n * errors: busy (c)\n"
        text += " */\nM(A, 1)\n"
        ((arguments, parts),) = abi_source.described_entries("/* of the file */\n" + text, "M|N")
        self.assertEqual(arguments, ["A", "1"])
        expected = {"": "does it; twice", "in": "w0 a", "out items": "b", "errors": "busy (c)"}
        self.assertEqual(parts, expected)


class Documents(unittest.TestCase):
    def test_the_tables_in_docs_are_current(self):
        advice = "run .nacre/scripts/make_reference.py"
        self.assertEqual(make_reference.outdated(), [], advice)

    def test_what_stands_between_marks_is_replaced_and_nothing_else(self):
        text = "a\n<!-- made by make_reference.py: t -->\nold\n<!-- end of t -->\nb\n"
        filled = make_reference.filled(text, {"t": lambda: ["new"]})
        self.assertEqual(filled, text.replace("old\n", "\nnew\n\n"))
        self.assertEqual(make_reference.filled(filled, {"t": lambda: ["new"]}), filled)

    def test_marks_that_do_not_fit_are_an_error(self):
        for text in (
            "<!-- made by make_reference.py: t -->\n",
            "<!-- end of t -->\n",
            "<!-- made by make_reference.py: u -->\n<!-- end of u -->\n",
        ):
            with self.assertRaises(make_reference.ReferenceError):
                make_reference.filled(text, {"t": list})


if __name__ == "__main__":
    unittest.main()
