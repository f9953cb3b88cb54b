/* SPDX-License-Identifier: MIT */
/*
 * The machine as the kernel describes it: its memory becomes the pager's, the archive is made readable.
 *
 * Owns the reading of struct boot_info. Holds of a range are superpages wherever a whole one fits, as abi/boot.h's
 * `hold` has the same offset in 2 MiB as the physical address.
 */
#include <string.h>

#include <nacre/abi/boot.h>
#include <nacre/start.h>

#include <pager/kernel.h>
#include <pager/own_table.h>
#include <pager/supply.h>

#include "root.h"

/* Where root sees the archive, and the page of firmware memory that it looks at. */
#define ARCHIVE_ADDRESS  UINT64_C(0x200000000000)
#define FIRMWARE_ADDRESS UINT64_C(0x210000000000)
#define SPLIT_FRAMES     5u
/* With less the servers of the standard boot script and a shell do not run. */
#define MEMORY_NEEDED (UINT64_C(16) << 20)
/* Root calls nobody below it: it has no regions of a parent. */
#define FOREIGN_NONE UINT64_C(0)

static const struct boot_range *range_at(const struct root *root, unsigned int index) {
	return (const struct boot_range *)((const char *)root->info + root->info->ranges) + index;
}

static const struct boot_module *module_at(const struct root *root, unsigned int index) {
	return (const struct boot_module *)((const char *)root->info + root->info->modules) + index;
}

static uint64_t range_pages(const struct boot_range *range) { return range->size >> PAGE_SHIFT; }

/* How many frames at the start of a range are held one by one. */
static uint64_t range_head(const struct boot_range *range) {
	uint64_t page = range->hold >> PAGE_SHIFT;
	uint64_t head = (LARGE_PAGE_PAGES - page % LARGE_PAGE_PAGES) % LARGE_PAGE_PAGES;

	return head < range_pages(range) ? head : range_pages(range);
}

/* A range to make the first page tables from: before them no superpage can be split. */
static const struct boot_range *first_range_find(const struct root *root) {
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = range_at(root, index);

		if (range->type == BOOT_RANGE_MEMORY && range_head(range) >= PAGER_FIRST_FRAMES) return range;
	}
	return NULL;
}

static error_t pager_start(struct root *root, const struct boot_range *range) {
	const struct pager_setup setup = {
		.source = &source_runs,
		.own_space = start_space(),
		.ceiling = PRIORITY_MAX,
		.first.address = range->hold,
		.first_count = PAGER_FIRST_FRAMES,
		.bookkeeping_base = PAGER_BOOKKEEPING,
		.bookkeeping_size = PAGER_BOOKKEEPING_BYTES,
		.foreign_base = FOREIGN_NONE,
		.foreign_size = FOREIGN_NONE,
	};

	TRY(kernel_open());
	TRY(pager_open(&root->pager, &setup));
	TRY(source_runs_add(&root->pager, hold_at((struct hold){range->hold}, PAGER_FIRST_FRAMES),
	                    range_pages(range) - PAGER_FIRST_FRAMES, HOLD_LARGE));
	return kernel_contents_open(&root->pager);
}

static void memory_check(const struct root *root) {
	struct text text = {.size = 0};

	if (root->info->memory_total + LARGE_PAGE_BYTES >= MEMORY_NEEDED) return;
	text_string(&text, "root: ");
	text_decimal(&text, root->info->memory_total >> 20);
	text_string(&text, " MiB of memory are too little for a whole system: give the machine ");
	text_decimal(&text, MEMORY_NEEDED >> 20);
	text_string(&text, " MiB");
	terminal_line(&text);
}

const char *machine_memory_open(struct root *root) {
	const struct boot_range *first = first_range_find(root);

	memory_check(root);
	if (!first || pager_start(root, first) != ERROR_OK)
		return "too little memory below 2 MiB to begin with: give the machine more memory";
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = range_at(root, index);

		if (range->type != BOOT_RANGE_MEMORY || range == first) continue;
		if (source_runs_add(&root->pager, (struct hold){range->hold}, range_pages(range), HOLD_LARGE) !=
		    ERROR_OK)
			return "too little memory for the page tables of all of it: give the machine more memory";
	}
	return NULL;
}

/* Makes all holds of a range 4 KiB. */
static error_t range_split(struct root *root, const struct boot_range *range) {
	uint64_t end = range->hold + range->size;
	struct account *account = &root->pager.top.account;

	for (uint64_t at = range->hold + (range_head(range) << PAGE_SHIFT); at + LARGE_PAGE_BYTES <= end;
	     at += LARGE_PAGE_BYTES) {
		struct frame_set frames;

		TRY(supply_take_set(&root->pager, account, FRAME_FOR_KERNEL, SPLIT_FRAMES, &frames));
		TRY(kernel_hold_split((struct hold){at}, &frames));
	}
	return ERROR_OK;
}

/* Maps @count pages held at @first at @address of root's own space, to be read. */
static error_t own_view(struct root *root, struct hold first, uint64_t address, uint64_t count) {
	uint64_t end = address + (count << PAGE_SHIFT);

	for (uint64_t at = address & ~(LARGE_PAGE_BYTES - 1); at < end; at += LARGE_PAGE_BYTES)
		TRY(own_tables_add(&root->pager, at));
	return kernel_pages_map(start_space(), first, address, count, PAGE_READ);
}

static const struct boot_range *module_range(const struct root *root, unsigned int module) {
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = range_at(root, index);

		if (range->type == BOOT_RANGE_MODULE && range->module == module) return range;
	}
	return NULL;
}

static const char *module_open(struct root *root, const struct boot_range *range, const struct boot_module *module) {
	if (range_split(root, range) != ERROR_OK ||
	    own_view(root, (struct hold){range->hold}, ARCHIVE_ADDRESS, range_pages(range)) != ERROR_OK)
		return "too little memory to look at the root file system: give the machine more memory";
	root->archive.bytes = (const unsigned char *)ARCHIVE_ADDRESS;
	root->archive.size = module->size < range->size ? module->size : range->size;
	return NULL;
}

/* The archive becomes a region; what its range has before and behind it is memory like any other. */
static error_t archive_settle(struct root *root, const struct boot_range *range, uint64_t skip) {
	uint64_t before = skip >> PAGE_SHIFT;
	uint64_t pages = (root->archive.size + PAGE_BYTES - 1) >> PAGE_SHIFT;
	struct hold first = {range->hold};

	TRY(region_run(&root->pager.top, hold_at(first, before), pages, PAGE_READ | PAGE_EXECUTE,
	               &root->archive_region));
	kernel_own_unmap(ARCHIVE_ADDRESS, before);
	TRY(source_runs_add(&root->pager, first, before, HOLD_SMALL));
	return source_runs_add(&root->pager, hold_at(first, before + pages), range_pages(range) - before - pages,
	                       HOLD_SMALL);
}

/* The archive's file lies behind root's in the same module: returns where, 0 if there is none. */
static uint64_t archive_skip_root(struct root *root) {
	uint64_t skip = archive_behind_program(root->archive.bytes, root->archive.size);

	root->archive.bytes += skip;
	root->archive.size -= skip;
	return skip;
}

/* The kernel has copied root out of its module. */
static error_t root_module_add(struct root *root) {
	const struct boot_range *range = module_range(root, 0);

	return range ? source_runs_add(&root->pager, (struct hold){range->hold}, range_pages(range), HOLD_LARGE)
	             : ERROR_OK;
}

/* The archive is module 1, or lies behind root in module 0. */
const char *machine_archive_open(struct root *root) {
	unsigned int index = root->info->module_count > 1;
	const struct boot_range *range = module_range(root, index);
	const char *problem;
	uint64_t skip = 0;

	if (!range) return "there is no root file system: the boot loader has to load it";
	problem = module_open(root, range, module_at(root, index));
	if (problem) return problem;
	if (index == 0) {
		skip = archive_skip_root(root);
		if (skip == 0) return "there is no root file system behind root: build the image again";
	} else if (root_module_add(root) != ERROR_OK) {
		return "too little memory: give the machine more";
	}
	if (archive_settle(root, range, skip) != ERROR_OK)
		return "too little memory for the root file system: give the machine more";
	return NULL;
}

struct hold machine_device_find(const struct root *root, uint64_t physical, uint64_t size) {
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = range_at(root, index);

		if (range->type == BOOT_RANGE_MEMORY || range->type == BOOT_RANGE_MODULE) continue;
		if (physical >= range->physical && size <= range->size &&
		    physical - range->physical <= range->size - size)
			return (struct hold){range->hold + (physical - range->physical)};
	}
	return HOLD_NONE;
}

/* Maps the page held at @hold to be read; a superpage is split first. */
static error_t firmware_view(struct root *root, struct hold hold) {
	struct frame_set frames;
	error_t error = own_view(root, hold, FIRMWARE_ADDRESS, 1);

	if (error != ERROR_STATE) return error;
	TRY(supply_take_set(&root->pager, &root->pager.top.account, FRAME_FOR_KERNEL, SPLIT_FRAMES, &frames));
	TRY(kernel_hold_split((struct hold){hold.address & ~(LARGE_PAGE_BYTES - 1)}, &frames));
	return own_view(root, hold, FIRMWARE_ADDRESS, 1);
}

int machine_memory_read(struct root *root, uint64_t physical, void *to, size_t size) {
	unsigned char *bytes = to;

	while (size > 0) {
		uint64_t offset = physical % PAGE_BYTES;
		size_t part = PAGE_BYTES - offset < size ? (size_t)(PAGE_BYTES - offset) : size;
		struct hold hold = machine_device_find(root, physical - offset, PAGE_BYTES);

		if (hold.address == 0 || firmware_view(root, hold) != ERROR_OK) return 0;
		memcpy(bytes, (const unsigned char *)FIRMWARE_ADDRESS + offset, part);
		kernel_own_unmap(FIRMWARE_ADDRESS, 1);
		bytes += part;
		physical += part;
		size -= part;
	}
	return 1;
}
