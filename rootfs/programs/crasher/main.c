/* SPDX-License-Identifier: MIT */
/*
 * crasher: does what a program may not do, each way by name, to try what becomes of it.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <nacre/tool.h>

static const char *const usage = "usage: crasher [WAY]\n"
				 "Ends by a fault:\n"
				 "  null      writes to address 0 (this is done without an argument)\n"
				 "  read      reads where there is nothing\n"
				 "  text      writes over its own instructions\n"
				 "  data      executes its own data\n"
				 "  kernel    reads the kernel's half of the address space\n"
				 "  divide    divides by zero\n"
				 "  illegal   executes an instruction that there is not\n"
				 "  halt      executes an instruction that only a kernel may\n"
				 "  port      writes to an I/O port\n"
				 "  breakpoint  hits a breakpoint that nobody set\n"
				 "  stack     recurses until the stack is used up\n";

static void crash_null(void) {
	static volatile uintptr_t nowhere; /* stays 0, but the compiler cannot know */
	*(volatile int *)nowhere = 1;      /* NOLINT(clang-analyzer-core.NullDereference) */
}

static void crash_read(void) { (void)*(volatile int *)0x123000; }

static void crash_text(void) {
	static void (*volatile code)(void) = crash_text; /* the compiler cannot know that it is code */
	*(volatile uint8_t *)(uintptr_t)code = 0x90;
}

static void crash_data(void) {
	static uint8_t data[] = {0xc3}; /* ret */
	((void (*)(void))(uintptr_t)data)();
}

static void crash_kernel(void) { (void)*(volatile int *)UINT64_C(0xffffffff80000000); }

static void crash_divide(void) { __asm__ volatile("divl %0" : : "r"(0), "a"(1), "d"(0) : "cc"); }

static void crash_illegal(void) { __asm__ volatile("ud2"); }

static void crash_halt(void) { __asm__ volatile("hlt"); }

static void crash_port(void) { __asm__ volatile("outb %%al, $0x80" : : "a"(0)); }

static void crash_breakpoint(void) { __asm__ volatile("int3"); }

static int recurse(volatile const char *above) {
	volatile char here[1024];
	here[0] = above[0];
	if (here[0] != 0) /* it never is, but the compiler cannot know */
		return 0;
	return recurse(here) + here[0];
}

static void crash_stack(void) { recurse(""); }

static const struct {
	const char *name;
	void (*crash)(void);
} ways[] = {
	{"null", crash_null},       {"read", crash_read},
	{"text", crash_text},       {"data", crash_data},
	{"kernel", crash_kernel},   {"divide", crash_divide},
	{"illegal", crash_illegal}, {"halt", crash_halt},
	{"port", crash_port},       {"breakpoint", crash_breakpoint},
	{"stack", crash_stack},
};

int main(int argc, char **argv) {
	tool_help(argc, argv, usage);
	const char *way = argc > 1 ? argv[1] : "null";
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		if (strcmp(way, ways[i].name) != 0) continue;
		ways[i].crash();
		return tool_fail(argv, "%s did not crash", way);
	}
	return tool_usage(argv, "there is no way to crash named '%s'", way);
}
