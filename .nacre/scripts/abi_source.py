# SPDX-License-Identifier: MIT
"""Reads the kernel's ABI headers: lists (.def), constants (#define, enum) and structures.

Owns just enough C to understand ukernel/include/nacre/abi; what it does not understand is an error,
not left out. Knows nothing of how the tables look (make_reference.py).
"""

import ast
import dataclasses
import operator
import re

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[^\s,()"]+|[(),]')
COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
DEFINE = re.compile(r"#define[ \t]+([A-Z]\w*)(?!\()[ \t]+(.*)")
OPEN_COMMENT = re.compile(r"(#define[^\n]*/\*(?:(?!\*/)[^\n])*)\n([^\n]*\*/)")
FIELD = re.compile(
    r"\s*(?:(?P<comment>/\*.*?\*/)|"
    r"(?:struct )?(?P<type>\w+)\s+(?P<names>[\w, ]+)(?:\[(?P<count>\w+)\])?;"
    r"(?:[ \t]*(?P<after>/\*.*?\*/))?)",
    re.DOTALL,
)
PARTS = ("in", "in items", "out", "out items", "errors")
SIZES = {"char": 1, "uint8_t": 1, "uint16_t": 2, "uint32_t": 4, "uint64_t": 8}
OPERATORS = {
    ast.BitOr: operator.or_,
    ast.LShift: operator.lshift,
    ast.Mult: operator.mul,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
}


class SourceError(ValueError):
    """A header that this module does not understand."""


@dataclasses.dataclass(frozen=True)
class Constant:
    name: str
    value: int
    text: str


@dataclasses.dataclass(frozen=True)
class Field:
    offset: int
    name: str
    type: str
    text: str


def flat(comment):
    """Returns the text of a C comment in one line."""
    lines = (line.strip().removeprefix("*").strip() for line in comment.splitlines())
    return " ".join(" ".join(lines).split())


def list_entries(text, macro):
    """Returns the arguments of each MACRO(...) in a .def file; neighbouring strings are joined."""
    bare = COMMENT.sub(" ", text)
    return [_arguments(bare[match.end() :]) for match in re.finditer(rf"\b{macro}\(", bare)]


def described_entries(text, macros):
    """Returns (arguments, {part: text}) of each entry of a .def file and the comment before it.

    @macros: names, separated by |. A comment begins with what the entry does (part ""); a line
    that starts with one of PARTS and a colon begins that part.
    """
    entry = re.compile(rf"/\*((?:(?!\*/).)*)\*/\n(?:{macros})\(", re.DOTALL)
    return [
        (_arguments(text[match.end() :]), _parts(match[1])) for match in entry.finditer(text)
    ]


def _parts(comment):
    found = re.split(rf"\n \* ({'|'.join(PARTS)}): ", comment)
    return {"": flat(found[0])} | {
        name: flat(text) for name, text in zip(found[1::2], found[2::2], strict=True)
    }


def _arguments(text):
    arguments, current = [], []
    for token in TOKEN.findall(text):
        if token in (",", ")"):
            strings = [part for part in current if part.startswith('"')]
            is_text = bool(strings)
            arguments.append(
                "".join(ast.literal_eval(part) for part in strings) if is_text else current[0]
            )
            current = []
            if token == ")":
                return arguments
        else:
            current.append(token)
    raise SourceError("an entry without ')'")


def _evaluate(node, known):
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = _evaluate(node.left, known), _evaluate(node.right, known)
        return OPERATORS[type(node.op)](left, right)
    raise SourceError(f"not a constant that this module can evaluate: {ast.unparse(node)}")


def evaluate(expression, known):
    """Returns the value of a constant expression in C."""
    python = re.sub(r"UINT64_C\(([^)]*)\)", r"\1", expression)
    python = re.sub(r"\b(0x[0-9a-fA-F]+|\d+)[uUlL]+\b", r"\1", python)
    python = python.replace("UINT64_MAX", "0xffffffffffffffff")
    return _evaluate(ast.parse(python.strip(), mode="eval").body, known)


def constants(text, known=None):
    """Returns the Constants of a header: object-like #defines with a value, and enumerators.

    @known: values of constants from other headers, which is added to.
    """
    known = {} if known is None else known
    found = []
    for line in OPEN_COMMENT.sub(r"\1 \2", re.sub(r"\\\n\s*", " ", text)).splitlines():
        match = DEFINE.match(line)
        expression = match[2].partition("/*")[0].strip() if match else ""
        if not expression or expression.startswith("__"):
            continue
        comment = COMMENT.search(match[2])
        known[match[1]] = evaluate(expression, known)
        found.append(Constant(match[1], known[match[1]], flat(comment[1]) if comment else ""))
    return found + _enumerators(text, known)


def _enumerators(text, known):
    found = []
    for body in re.findall(r"enum \w+ \{(.*?)\};", text, re.DOTALL):
        if "#include" in body:
            continue
        for name, expression, comment in re.findall(
            r"(\w+)\s*=\s*([^,/]+?),?\s*(?:/\*(.*?)\*/)?\s*(?=\n)", body, re.DOTALL
        ):
            known[name] = evaluate(expression, known)
            found.append(Constant(name, known[name], flat(comment)))
    return found


def structure(text, name, known, sizes):
    """Returns (Fields, size) of `struct NAME` under the x86-64 ABI. Adds its size to @sizes."""
    match = re.search(rf"struct {name} \{{\n(.*?)\n\}};", text, re.DOTALL)
    if not match:
        raise SourceError(f"there is no struct {name}")
    fields, offset, largest, before, position = [], 0, 1, "", 0
    body = match[1]
    while body[position:].strip():
        part = FIELD.match(body, position)
        if not part:
            raise SourceError(f"struct {name}: {body[position:].strip().splitlines()[0]}")
        position = part.end()
        if part["comment"]:
            before = flat(part["comment"][2:-2])
            continue
        size, alignment = sizes[part["type"]]
        count = evaluate(part["count"], known) if part["count"] else 1
        comment = flat(part["after"][2:-2]) if part["after"] else before
        before = ""
        for field_name in part["names"].split(","):
            offset = (offset + alignment - 1) // alignment * alignment
            kind = part["type"] + (f"[{count}]" if part["count"] else "")
            fields.append(Field(offset, field_name.strip(), kind, comment))
            offset += size * count
        largest = max(largest, alignment)
    sizes[name] = ((offset + largest - 1) // largest * largest, largest)
    return fields, sizes[name][0]


def basic_sizes():
    """Returns {type: (size, alignment)} of the types that headers start from."""
    return {name: (size, size) for name, size in SIZES.items()}


def stated_offsets(text, name):
    """Returns {field: offset} as the header's own _Static_asserts state them for `struct NAME`."""
    pattern = rf"_Static_assert\(offsetof\(struct {name}, (\w+)\) == (\w+)"
    return {field: int(value, 0) for field, value in re.findall(pattern, text)}
