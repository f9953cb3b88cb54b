# SPDX-License-Identifier: MIT
"""C spelling that all generated files share: names, types, comments, wrapped lines.

Owns how an argument looks as a C parameter on either side. Knows nothing of messages.
"""

import textwrap

KEYWORDS = {"register", "switch", "default", "break", "continue", "return", "signed", "union"}
SCALAR_TYPES = {"u64": "uint64_t", "u32": "uint32_t", "i64": "int64_t"}
WIDTH = 100
ANSWER_POINTERS_MAX = 3


def banner(interface, what):
    """Returns the head of a generated file."""
    return [
        "/* SPDX-License-Identifier: MIT */",
        f"/* {what} of the protocol `{interface.name}`. */",
        f"/* Made from {interface.name}.interface: change that. */",
    ]


def comment(text, depth=0):
    """Returns a block comment as lines."""
    tabs = "\t" * depth
    room = WIDTH - 8 * depth
    lines = textwrap.wrap(text, room - 3)
    if len(lines) == 1 and len(lines[0]) <= room - 6:
        return [f"{tabs}/* {lines[0]} */"]
    return [f"{tabs}/*", *[f"{tabs} * {line}" for line in lines], f"{tabs} */"]


def signature(prefix, parameters, suffix="", depth=0):
    """Returns `prefix(parameters)suffix` wrapped to the line width, as lines."""
    lines = ["\t" * depth + f"{prefix}("]
    for index, parameter in enumerate(parameters or ["void"]):
        last = index >= len(parameters) - 1
        piece = parameter + (f"){suffix}" if last else ",")
        separator = "" if lines[-1].endswith("(") else " "
        if len(lines[-1].expandtabs(8)) + len(separator + piece) > WIDTH:
            lines.append("\t" * (depth + 2) + piece)
        else:
            lines[-1] += separator + piece
    return lines


def statement(text, depth=1):
    """Returns a statement as lines, wrapped to the line width."""
    if len(text) <= WIDTH - 8 * depth:
        return ["\t" * depth + text]
    room = WIDTH - 8 * depth - 16
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return ["\t" * depth + lines[0], *["\t" * (depth + 2) + line for line in lines[1:]]]


def when(condition, consequence):
    """Returns an `if` with one statement."""
    return [*statement(f"if ({condition})"), f"\t\t{consequence};"]


def indent(lines):
    return ["\t" + line if line else line for line in lines]


def label(interface, method):
    return f"{interface.name}_{method.name}".upper()


def protocol(interface):
    return f"PROTOCOL_{interface.name.upper()}"


def stub_name(interface, method):
    return f"{interface.name}_{method.name}"


def field_name(name):
    """A struct field; a C keyword gets an underscore."""
    return name + "_" if name in KEYWORDS else name


def maximum_name(interface, method, argument):
    return f"{label(interface, method)}_{argument.name.upper()}_MAX"


def uses_struct(method):
    """Whether the results of a method come in a structure instead of through pointers."""
    results = method.reply.arguments
    return len(results) > ANSWER_POINTERS_MAX or any(result.kind == "string" for result in results)


def answer_struct(interface, method):
    """What a client gets."""
    return f"struct {interface.name}_{method.name}_answer"


def reply_struct(interface, method):
    """What a server gives."""
    return f"struct {interface.name}_{method.name}_reply"


def check_function(blob):
    return f"message_check_{blob.kind}"


def take_function(blob):
    return f"message_take_{blob.kind}"


def need(item):
    return "ITEM_OPTIONAL" if item.optional else "ITEM_REQUIRED"


def input_parameters(method, capability_type):
    """C parameters of a request's arguments."""
    parameters = []
    for argument in method.request.arguments:
        name = field_name(argument.name)
        if argument.is_scalar:
            parameters.append(f"{SCALAR_TYPES[argument.kind]} {name}")
        elif argument.kind == "string":
            parameters.append(f"const char *{name}")
        elif argument.kind == "bytes":
            parameters += [f"const void *{name}", f"size_t {name}_size"]
        elif argument.kind == "registers":
            parameters.append(f"const struct abi_registers *{name}")
        elif argument.kind == "capability":
            parameters.append(f"{capability_type}{name}")
        else:
            parameters.append(f"const struct page_list *{name}")
    return parameters


def struct_fields(interface, method, capability_type):
    """Fields of a result structure."""
    fields = []
    for result in method.reply.arguments:
        name = field_name(result.name)
        if result.is_scalar:
            fields.append(f"{SCALAR_TYPES[result.kind]} {name};")
        elif result.kind == "string":
            fields.append(f"char {name}[{maximum_name(interface, method, result)} + 1];")
        elif result.kind == "bytes":
            fields.append(f"size_t {name}_size;")
            fields.append(f"uint8_t {name}[{maximum_name(interface, method, result)}];")
        elif result.kind == "registers":
            fields.append(f"struct abi_registers {name};")
        elif result.kind == "capability":
            fields.append(f"{capability_type} {name};")
        else:
            fields.append(f"struct page_list {name};")
    return fields


def buffer_declaration(body):
    """Declares the message buffer for @body if it uses it."""
    used = any("buffer" in line for line in body)
    return ["\tstruct utcb *buffer = utcb_get();"] if used else []
