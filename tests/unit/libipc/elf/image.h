/* SPDX-License-Identifier: MIT */
/*
 * A sound program that the tests of program files break.
 */
#ifndef TEST_ELF_IMAGE_H
#define TEST_ELF_IMAGE_H

#include <check.h>
#include <stdbool.h>
#include <string.h>

#include <nacre/abi/rights.h>
#include <nacre/elf.h>

#include "format.h"

#define LOAD  UINT64_C(0x300400000)
#define LIMIT UINT64_C(0x3fff00000)

enum { TEXT, CODE, DATA, STACK, HEADERS };

/* A sound program: headers and read-only data, code, data with .bss, a stack size. */
struct image {
	struct elf_file_header file;
	struct elf_program_header program[HEADERS];
	unsigned char rest[0x4000];
};

extern struct image image;
extern const struct elf_place place;
extern struct elf_plan plan;

/* A program header of something to load. */
struct elf_program_header load(uint64_t offset, uint64_t address, uint64_t file_size, uint64_t memory_size,
                               uint32_t flags);

/* Before each test: the program is whole again, and there is no plan. */
void given_a_sound_program(void);

/* Plans the program. */
enum elf_problem planned(void);

/* The program is refused for @problem and the plan is not touched. */
void expect_problem(enum elf_problem problem);

/* The tests, each group in a file of that name. */
void plan_tests_add(TCase *tests);
void damage_tests_add(TCase *tests);

#endif
