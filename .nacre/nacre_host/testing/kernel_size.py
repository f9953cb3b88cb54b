# SPDX-License-Identifier: MIT
"""How big the kernel is, in lines of code and in bytes of text, and how big it may be.

Owns the two limits. Lines are counted without blanks and comments, .S and .def included, checks
that only debug kernels have excluded.
"""

import re
import subprocess

from nacre_host.project import TOP

GOAL_LINES = 6000
# Only comes down.
MOST_LINES = 5999
MOST_TEXT = 40 * 1024
DEBUG_ONLY = "invariants"
_DEBUG_CHECK = re.compile(r"^\s*KERNEL_ASSERT\(.*\);$")
SUFFIXES = {".c", ".h", ".S", ".def"}

_COMMENT_OR_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)


def code_lines(text):
    """Returns how many lines of C or assembler are no blank, comment or check of debug kernels."""
    bare = _COMMENT_OR_STRING.sub(
        lambda match: match[0] if match[0].startswith('"') else "\n" * match[0].count("\n"), text
    )
    return sum(bool(_DEBUG_CHECK.sub("", line).strip()) for line in bare.splitlines())


def kernel_lines():
    """Returns the kernel's lines of code."""
    return sum(
        code_lines(path.read_text(encoding="utf-8"))
        for path in (TOP / "ukernel").rglob("*")
        if path.suffix in SUFFIXES and not path.name.startswith(DEBUG_ONLY)
    )


def text_bytes(kernel):
    """Returns the size of the .text section of the ELF file @kernel."""
    result = subprocess.run(
        ["readelf", "-SW", str(kernel)], capture_output=True, text=True, check=True
    )
    match = re.search(r"\]\s+\.text\s+PROGBITS\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", result.stdout)
    return int(match[1], 16) if match else 0


def problems_of_lines(lines):
    """Returns what is wrong with a kernel of so many lines, as lines."""
    if lines > MOST_LINES:
        return [f"{lines} lines of code, the ceiling is {MOST_LINES}, the goal {GOAL_LINES}"]
    return []


def problems_of_text(size):
    """Returns what is wrong with a kernel that has @size bytes of text, as lines."""
    if size == 0 or size >= MOST_TEXT:
        return [f".text has {size} bytes, the limit is {MOST_TEXT}"]
    return []
