# SPDX-License-Identifier: MIT
"""Writes client stubs: short ones inline in the header, the others as functions.

Owns how arguments become a request and a reply becomes results. The functions it calls are in
nacre/message.h.
"""

from nacre_interface import c_text
from nacre_interface.model import REGISTER_WORDS

MALFORMED = "goto malformed"


def result_parameters(interface, method):
    """C parameters through which a client gets results."""
    window = ["uint64_t window_address", "uint64_t window_size"]
    if c_text.uses_struct(method):
        answer = f"{c_text.answer_struct(interface, method)} *answer"
        return [*window, answer] if method.reply.pages else [answer]
    parameters = []
    for result in method.reply.arguments:
        name = f"{result.name}_out"
        if result.is_scalar:
            parameters.append(f"{c_text.SCALAR_TYPES[result.kind]} *{name}")
        elif result.kind == "bytes":
            parameters += [f"void *{name}", f"size_t {result.name}_capacity"]
            parameters.append(f"size_t *{result.name}_size_out")
        elif result.kind == "registers":
            parameters.append(f"struct abi_registers *{name}")
        elif result.kind == "capability":
            parameters.append(f"capability_t *{name}")
        else:
            parameters += [*window, f"struct page_list *{name}"]
    return parameters


def parameters(interface, method):
    return [
        f"capability_t {interface.name}",
        *c_text.input_parameters(method, "struct ipc_item "),
        *result_parameters(interface, method),
    ]


def method_comment(method):
    errors = "; ".join(f"{error.name}: {error.text}" for error in method.errors)
    return c_text.comment(method.text + (f" Errors: {errors}." if errors else ""))


def value_expression(argument):
    """The word that a scalar travels as."""
    name = c_text.field_name(argument.name)
    return f"(uint64_t){name}" if argument.kind == "i64" else name


def result_place(method, result):
    if c_text.uses_struct(method):
        return f"answer->{c_text.field_name(result.name)}"
    return f"*{result.name}_out"


def result_assignment(method, result, word):
    cast = "" if result.kind == "u64" else f"({c_text.SCALAR_TYPES[result.kind]})"
    return f"\t{result_place(method, result)} = {cast}{word};"


def short_stub(interface, method):
    """A stub whose message always fits in registers."""
    arguments, results = method.request.scalars, method.reply.scalars
    words = ", ".join(value_expression(argument) for argument in arguments) or "0"
    tag = f"IPC_TAG({c_text.label(interface, method)}, {len(arguments)}, 0)"
    call = f"message_call(&message, {interface.name}, {tag}, {len(results)})"
    prefix = f"static inline NACRE_MUST_CHECK error_t {c_text.stub_name(interface, method)}"
    lines = method_comment(method)
    lines += c_text.signature(prefix, parameters(interface, method))
    lines.append("{")
    lines += c_text.statement(f"struct message message = {{ .words = {{ {words} }} }};")
    if results:
        lines += short_results(method, call)
    else:
        lines += ["", *c_text.statement(f"return {call};")]
    return [*lines, "}", ""]


def short_results(method, call):
    """The rest of a short stub that has results."""
    results = method.reply.scalars
    lines = [*c_text.statement(f"error_t error = {call};"), ""]
    lines += c_text.when("error != ERROR_OK", "return error")
    too_large = [
        f"message.words[{index}] > UINT32_MAX"
        for index, result in enumerate(results)
        if result.kind == "u32"
    ]
    if too_large:
        lines += c_text.when(" || ".join(too_large), "return ERROR_ARGUMENT")
    for index, result in enumerate(results):
        lines.append(result_assignment(method, result, f"message.words[{index}]"))
    return [*lines, "\treturn ERROR_OK;"]


def request_lines(interface, method):
    """Puts the request in the message buffer; `position` and `items` count what is there."""
    request = method.request
    lines = []
    for blob in request.blobs:
        size = f"{c_text.field_name(blob.name)}_size"
        maximum = c_text.maximum_name(interface, method, blob)
        lines += c_text.when(f"{size} > {maximum}", "return ERROR_RANGE")
    index = 0
    for scalar in request.scalars:
        lines.append(f"\tbuffer->words[{index}] = {value_expression(scalar)};")
        index += 1
    if request.registers:
        name = c_text.field_name(request.registers.name)
        lines.append(f"\tmemcpy(&buffer->words[{index}], {name}, sizeof(*{name}));")
        index += REGISTER_WORDS
    for blob in request.blobs:
        lines.append(f"\tbuffer->words[{index}] = {c_text.field_name(blob.name)}_size;")
        index += 1
    for blob in request.blobs:
        name = c_text.field_name(blob.name)
        put = f"message_put(buffer->words, position, {name}, {name}_size)"
        lines.append(f"\tposition = {put};")
    return lines + request_item_lines(request)


def request_item_lines(request):
    lines = []
    for capability in request.capabilities:
        name = c_text.field_name(capability.name)
        put = f"message_put_capability(buffer, &items, &{name}, {c_text.need(capability)})"
        lines += c_text.when(f"!{put}", "return ERROR_ARGUMENT")
    if request.pages:
        put = f"message_put_pages(buffer, &items, {c_text.field_name(request.pages.name)})"
        lines += c_text.when(f"!{put}", "return ERROR_ARGUMENT")
    return lines


def reply_checks(interface, method):
    """Checks the reply's words and items, before any result is written."""
    reply = method.reply
    words = f"buffer->words, exchange.tag, {reply.fixed_words}u"
    if reply.blobs:
        lines = [f"\treader = message_reader({words});", *c_text.when("!reader.valid", MALFORMED)]
    else:
        count = "IPC_TAG_WORDS(exchange.tag)"
        lines = c_text.when(f"{count} != {reply.fixed_words}u", MALFORMED)
    for index, scalar in enumerate(reply.scalars):
        if scalar.kind == "u32":
            lines += c_text.when(f"buffer->words[{index}] > UINT32_MAX", MALFORMED)
    for index, blob in enumerate(reply.blobs, len(reply.scalars)):
        maximum = c_text.maximum_name(interface, method, blob)
        if not c_text.uses_struct(method):
            maximum = f"{blob.name}_capacity"
        check = f"{c_text.check_function(blob)}(&reader, buffer->words[{index}], {maximum})"
        lines += c_text.when(f"!{check}", MALFORMED)
    if reply.blobs:
        lines += c_text.when("!message_at_end(&reader)", MALFORMED)
    return lines + reply_item_checks(method)


def reply_item_checks(method):
    reply = method.reply
    lines = []
    required = len([item for item in reply.capabilities if not item.optional])
    maximum = len(reply.capabilities)
    if reply.pages:
        least = 0 if reply.pages.optional else 1
        place = result_place(method, reply.pages)
        take = f"message_take_pages(&exchange, {maximum}, {least}, &{place})"
        lines += c_text.when(f"!{take}", MALFORMED)
    if maximum:
        follow = "ITEMS_MORE" if reply.pages else "ITEMS_END"
        arguments = f"&exchange, {required}, {maximum}, {follow}, capabilities"
        lines += c_text.when(f"!message_take_capabilities({arguments})", MALFORMED)
    if not reply.has_items:
        lines += c_text.when("IPC_TAG_ITEMS(exchange.tag) != 0", MALFORMED)
    return lines


def reply_results(method):
    """Writes the results of a reply that was checked."""
    reply = method.reply
    lines = []
    for index, scalar in enumerate(reply.scalars):
        lines.append(result_assignment(method, scalar, f"buffer->words[{index}]"))
    if reply.registers:
        place = result_place(method, reply.registers)
        words = f"&buffer->words[{len(reply.scalars)}]"
        lines.append(f"\tmemcpy(&{place}, {words}, sizeof({place}));")
    if reply.blobs:
        words = f"buffer->words, exchange.tag, {reply.fixed_words}u"
        lines.append(f"\treader = message_reader({words});")
    for index, blob in enumerate(reply.blobs, len(reply.scalars)):
        lines += blob_result(method, blob, f"(size_t)buffer->words[{index}]")
    for index, capability in enumerate(reply.capabilities):
        lines.append(f"\t{result_place(method, capability)} = capabilities[{index}];")
    return lines


def blob_result(method, blob, size):
    in_struct = c_text.uses_struct(method)
    to = result_place(method, blob) if in_struct else f"{blob.name}_out"
    lines = []
    if blob.kind == "bytes":
        place = f"answer->{blob.name}_size" if in_struct else f"*{blob.name}_size_out"
        lines.append(f"\t{place} = {size};")
    return [*lines, f"\t{c_text.take_function(blob)}(&reader, {to}, {size});"]


def long_declarations(method):
    """Local variables of a stub that uses the message buffer, but for the buffer itself."""
    request, reply = method.request, method.reply
    fields = f".capability_count = {len(reply.capabilities)}"
    if reply.pages:
        fields += ", .page_window = window_address, .page_window_size = window_size"
    lines = c_text.statement(f"struct exchange exchange = {{ {fields} }};")
    if request.blobs:
        lines.append(f"\tunsigned int position = {request.fixed_words}u;")
    for blob in request.blobs:
        name = c_text.field_name(blob.name)
        if blob.kind == "string":
            lines.append(f"\tsize_t {name}_size = strlen({name});")
    if request.has_items:
        lines.append("\tunsigned int items = 0;")
    if reply.blobs:
        lines.append("\tstruct message_reader reader;")
    if reply.capabilities:
        lines.append(f"\tcapability_t capabilities[{len(reply.capabilities)}];")
    return [*lines, "\terror_t error;"]


def long_stub(interface, method):
    """A stub that uses the message buffer."""
    request = method.request
    words = "position" if request.blobs else f"{request.fixed_words}u"
    items = "items" if request.has_items else "0u"
    tag = f"IPC_TAG({c_text.label(interface, method)}, {words}, {items})"
    body = request_lines(interface, method)
    body += c_text.statement(f"error = message_exchange(&exchange, {interface.name}, {tag});")
    body += c_text.when("error != ERROR_OK", "return error")
    body += reply_checks(interface, method)
    body += reply_results(method)
    prefix = f"error_t {c_text.stub_name(interface, method)}"
    return [
        *c_text.signature(prefix, parameters(interface, method)),
        "{",
        *c_text.buffer_declaration(body),
        *long_declarations(method),
        "",
        *body,
        "\treturn ERROR_OK;",
        "malformed:",
        "\tmessage_discard(&exchange);",
        "\treturn ERROR_ARGUMENT;",
        "}",
        "",
    ]


def answer_definition(interface, method):
    return [
        f"{c_text.answer_struct(interface, method)} {{",
        *c_text.indent(c_text.struct_fields(interface, method, "capability_t")),
        "};",
        "",
    ]


def is_inline(method):
    return method.request.is_short and method.reply.is_short


def has_client(interface):
    return not interface.is_fault


def header_lines(interface, method):
    """What a header says of one method."""
    lines = answer_definition(interface, method) if c_text.uses_struct(method) else []
    if is_inline(method):
        return lines + short_stub(interface, method)
    prefix = f"NACRE_MUST_CHECK error_t {c_text.stub_name(interface, method)}"
    lines += method_comment(method)
    return [*lines, *c_text.signature(prefix, parameters(interface, method), ";"), ""]


def client_header(interface, identifiers):
    guard = f"NACRE_PROTOCOL_{interface.name.upper()}_H"
    lines = c_text.banner(interface, "Labels, constants and client stubs")
    lines += [f"#ifndef {guard}", f"#define {guard}", ""]
    lines += ["#include <nacre/message.h>", "#include <nacre/protocols.h>", ""]
    lines += [*c_text.comment(interface.text), "", *identifiers, ""]
    if has_client(interface):
        for method in interface.methods:
            lines += header_lines(interface, method)
    return [*lines, "#endif"]


def client_source(interface):
    """Returns the stubs that are functions."""
    lines = c_text.banner(interface, "Client stubs")
    lines += ["#include <string.h>", "", f"#include <nacre/protocol/{interface.name}.h>", ""]
    for method in interface.methods:
        if not is_inline(method):
            lines += long_stub(interface, method)
    return lines
