# SPDX-License-Identifier: MIT
"""Writes what both sides need: labels, constants, largest sizes, and the list of all protocols."""

from nacre_interface import c_text

PROTOCOLS_HEAD = """\
/* SPDX-License-Identifier: MIT */
/* Numbers of all protocols. Made from the interface files: change those. */
#ifndef NACRE_PROTOCOLS_H
#define NACRE_PROTOCOLS_H

#include <stdint.h>

#include <nacre/abi/label.h>
"""

PROTOCOLS_REST = """
/* Returns the name of a protocol, or a null pointer. */
const char *protocol_name(uint32_t protocol);

/* Returns the number of the protocol of that name, 0 if there is none. */
uint32_t protocol_from_name(const char *name);

/* Returns the name of a request's method as `protocol.method`, or a null pointer. */
const char *label_method_name(uint32_t label);

#endif"""

NAMES_HEAD = """\
/* SPDX-License-Identifier: MIT */
/* Names of protocols and methods. Made from the interface files: change those. */
#include <stddef.h>
#include <string.h>

#include <nacre/protocols.h>

struct numbered_name {
	uint32_t number;
	const char *name;
};
"""

NAMES_REST = """
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *find(const struct numbered_name *table, size_t count, uint32_t number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *protocol_name(uint32_t protocol)
{
	return find(protocols, COUNT(protocols), protocol);
}

const char *label_method_name(uint32_t label)
{
	return find(methods, COUNT(methods), label);
}

uint32_t protocol_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT(protocols); i++)
		if (strcmp(protocols[i].name, name) == 0)
			return protocols[i].number;
	return 0;
}"""


def interface_identifiers(interface):
    """Returns the labels, constants and maxima of one interface."""
    lines = [label_line(interface, method) for method in interface.methods]
    for group in interface.groups:
        lines.append("")
        for constant in group.constants:
            name = f"{group.prefix}_{constant.name}"
            lines.append(f"#define {name} {constant.value}u /* {constant.text} */")
    lines.append("")
    for method in interface.methods:
        for blob in (*method.request.blobs, *method.reply.blobs):
            name = c_text.maximum_name(interface, method, blob)
            define = f"#define {name} {blob.maximum}u"
            if define not in lines:
                lines.append(define)
    return lines


def label_line(interface, method):
    """Defines a label. The kernel's have theirs in label.def, with which the number must agree."""
    name = c_text.label(interface, method)
    if interface.role == "kernel":
        number = f"LABEL({interface.number}, {method.number})"
        return f'_Static_assert({name} == {number}, "differs from label.def");'
    return f"#define {name} LABEL({c_text.protocol(interface)}, {method.number}u)"


def protocols_header(interfaces):
    """Returns nacre/protocols.h."""
    lines = PROTOCOLS_HEAD.split("\n")
    for interface in interfaces:
        if interface.role != "kernel":
            lines.append(f"#define {c_text.protocol(interface)} {interface.number:#x}u")
    return lines + PROTOCOLS_REST.split("\n")


def names_source(interfaces):
    """Returns protocol_names.c."""
    lines = [*NAMES_HEAD.split("\n"), "static const struct numbered_name protocols[] = {"]
    for interface in interfaces:
        lines.append(f'\t{{ {interface.number:#x}u, "{interface.name}" }},')
    lines += ["};", "", "static const struct numbered_name methods[] = {"]
    for interface in interfaces:
        for method in interface.methods:
            label = interface.number << 16 | method.number
            lines.append(f'\t{{ {label:#x}u, "{interface.name}.{method.name}" }},')
    return [*lines, "};", *NAMES_REST.split("\n")]
