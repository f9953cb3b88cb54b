# SPDX-License-Identifier: MIT
"""Writes an interface's part of the protocol reference (.nacre/scripts/make_reference.py)."""

U32_MAX = (1 << 32) - 1


def kind_text(argument):
    """Says in words what an argument is."""
    texts = {
        "string": f"string, at most {argument.maximum} bytes",
        "bytes": f"at most {argument.maximum} bytes",
        "pages": f"pages, at most {argument.maximum} items",
        "capability": f"capability: {argument.protocol}",
    }
    text = texts.get(argument.kind, argument.kind)
    bounded = argument.low is not None or argument.high not in (None, U32_MAX)
    if argument.is_scalar and bounded:
        high = "" if argument.high is None else argument.high
        text += f", {argument.low or 0}..{high}"
    return text + (", may be missing" if argument.optional else "")


def method_section(interface, method):
    lines = [f"### {interface.name}.{method.name} ({method.number})", "", method.text]
    if method.delayed:
        lines[-1] += " *The answer may come later.*"
    rows = [("in", argument) for argument in method.request.arguments]
    rows += [("out", argument) for argument in method.reply.arguments]
    lines.append("")
    if rows or method.errors:
        lines += ["| | name | type | |", "|---|---|---|---|"]
        for direction, argument in rows:
            kind = kind_text(argument)
            text = cell(argument.text)
            lines.append(f"| {direction} | `{argument.name}` | {kind} | {text} |")
        for error in method.errors:
            lines.append(f"| error | `{error.name}` | | {cell(error.text)} |")
        lines.append("")
    return lines


def cell(text):
    return text.replace("|", "\\|")


def interface_section(interface):
    lines = [f"## {interface.name} ({interface.number:#x})", "", interface.text, ""]
    for group in interface.groups:
        lines += ["| constant | value | |", "|---|---|---|"]
        for constant in group.constants:
            name = f"{group.prefix}_{constant.name}"
            lines.append(f"| `{name}` | {constant.value} | {cell(constant.text)} |")
        lines.append("")
    for method in interface.methods:
        lines += method_section(interface, method)
    return lines
