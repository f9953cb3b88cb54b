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
/* Root calls nobody below it: it has no regions of a parent. */
#define FOREIGN_NONE UINT64_C(0)

static struct hold range_start(const struct root *root, const struct boot_range *range) {
	return (struct hold){root->info->holds + range->physical};
}

static uint64_t range_pages(const struct boot_range *range) { return range->size >> PAGE_SHIFT; }

/* How many frames at the start of a range are held one by one. */
static uint64_t range_head(const struct boot_range *range) {
	uint64_t page = range->physical >> PAGE_SHIFT;
	uint64_t head = (LARGE_PAGE_PAGES - page % LARGE_PAGE_PAGES) % LARGE_PAGE_PAGES;

	return head < range_pages(range) ? head : range_pages(range);
}

/* A range to make the first page tables from: before them no superpage can be split. */
static const struct boot_range *first_range_find(const struct root *root) {
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = &root->info->ranges[index];

		if (range->type == BOOT_RANGE_MEMORY && range_head(range) >= PAGER_FIRST_FRAMES) return range;
	}
	return NULL;
}

static error_t pager_start(struct root *root, const struct boot_range *range) {
	const struct pager_setup setup = {
		.source = &source_runs,
		.own_space = start_space(),
		.ceiling = PRIORITY_MAX,
		.first = range_start(root, range),
		.first_count = PAGER_FIRST_FRAMES,
		.bookkeeping_base = PAGER_BOOKKEEPING,
		.bookkeeping_size = PAGER_BOOKKEEPING_BYTES,
		.foreign_base = FOREIGN_NONE,
		.foreign_size = FOREIGN_NONE,
	};

	TRY(kernel_open());
	TRY(pager_open(&root->pager, &setup));
	TRY(source_runs_add(&root->pager, hold_at(range_start(root, range), PAGER_FIRST_FRAMES),
	                    range_pages(range) - PAGER_FIRST_FRAMES, HOLD_LARGE));
	return kernel_contents_open(&root->pager);
}

static void memory_check(const struct root *root) {
	struct text text = {.size = 0};

	if (root->info->memory_total + LARGE_PAGE_BYTES >= BOOT_MEMORY_NEEDED) return;
	text_string(&text, "root: ");
	text_decimal(&text, root->info->memory_total >> 20);
	text_string(&text, " MiB of memory are too little for a whole system: give the machine ");
	text_decimal(&text, BOOT_MEMORY_NEEDED >> 20);
	text_string(&text, " MiB");
	terminal_line(&text);
}

const char *machine_memory_open(struct root *root) {
	const struct boot_range *first = first_range_find(root);

	memory_check(root);
	if (!first || pager_start(root, first) != ERROR_OK)
		return "too little memory below 2 MiB to begin with: give the machine more memory";
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = &root->info->ranges[index];

		if (range->type != BOOT_RANGE_MEMORY || range == first) continue;
		if (source_runs_add(&root->pager, range_start(root, range), range_pages(range), HOLD_LARGE) != ERROR_OK)
			return "too little memory for the page tables of all of it: give the machine more memory";
	}
	return NULL;
}

/* Makes all holds of a range 4 KiB. */
static error_t range_split(struct root *root, const struct boot_range *range) {
	uint64_t start = range_start(root, range).address, end = start + range->size;
	struct account *account = &root->pager.top.account;

	for (uint64_t at = start + (range_head(range) << PAGE_SHIFT); at + LARGE_PAGE_BYTES <= end;
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

static const struct boot_range *module_range(const struct root *root, const struct boot_module *module) {
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = &root->info->ranges[index];

		if (range->type == BOOT_RANGE_MODULE && range->physical == module->physical) return range;
	}
	return NULL;
}

/* The archive becomes a region; what its range has behind it is memory like any other. */
static error_t archive_settle(struct root *root, const struct boot_range *range) {
	uint64_t pages = (root->archive.size + PAGE_BYTES - 1) >> PAGE_SHIFT;
	struct hold first = range_start(root, range);

	TRY(range_split(root, range));
	TRY(own_view(root, first, ARCHIVE_ADDRESS, pages));
	root->archive.bytes = (const unsigned char *)ARCHIVE_ADDRESS;
	TRY(region_run(&root->pager.top, first, pages, PAGE_READ | PAGE_EXECUTE, &root->archive_region));
	return source_runs_add(&root->pager, hold_at(first, pages), range_pages(range) - pages, HOLD_SMALL);
}

const char *machine_archive_open(struct root *root) {
	const struct boot_module *module = &root->info->modules[1];
	const struct boot_range *range = root->info->module_count > 1 ? module_range(root, module) : NULL;

	if (!range) return "there is no root file system: the boot loader has to load it";
	root->archive.size = module->size < range->size ? module->size : range->size;
	if (archive_settle(root, range) != ERROR_OK)
		return "too little memory for the root file system: give the machine more";
	return NULL;
}

static int is_controller(const struct root *root, uint64_t physical, uint64_t size) {
	for (struct list_node *node = root->controllers.next; node != &root->controllers; node = node->next) {
		const struct controller *controller = CONTAINER_OF(node, struct controller, list);

		if (controller->page >= physical && controller->page - physical < size) return 1;
	}
	return 0;
}

struct hold machine_device_find(const struct root *root, uint64_t physical, uint64_t size) {
	for (unsigned int index = 0; index < root->info->range_count; index++) {
		const struct boot_range *range = &root->info->ranges[index];

		if (range->type != BOOT_RANGE_DEVICE && range->type != BOOT_RANGE_FIRMWARE) continue;
		if (physical >= range->physical && size <= range->size &&
		    physical - range->physical <= range->size - size && !is_controller(root, physical, size))
			return (struct hold){root->info->holds + physical};
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

/* Copies device or firmware memory; false if there is no such. */
static int memory_read(void *context, uint64_t physical, void *to, size_t size) {
	struct root *root = context;
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

struct acpi machine_acpi(struct root *root) {
	return (struct acpi){.root_pointer = root->info->acpi_rsdp, .read = memory_read, .context = root};
}
