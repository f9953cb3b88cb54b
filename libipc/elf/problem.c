/* SPDX-License-Identifier: MIT */
/*
 * The words for what is wrong with a program file, from elf_problem.def.
 */
#include <nacre/elf.h>

static const char *const texts[ELF_PROBLEM_COUNT] = {
	[ELF_FINE] = "a program",
#define ELF_PROBLEM(name, text) [ELF_##name] = (text),
#include <nacre/elf_problem.def>
#undef ELF_PROBLEM
};

const char *elf_problem_text(enum elf_problem problem) {
	return (unsigned int)problem < ELF_PROBLEM_COUNT ? texts[problem] : "an unknown problem";
}
