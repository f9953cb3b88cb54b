/* SPDX-License-Identifier: MIT */
/*
 * Starting a server from the archive: space, mappings, first thread.
 *
 * The layout is libipc's (nacre/process_layout.h), as for any process; what differs is that root is the pager and the
 * file lies in memory already.
 */
#include <nacre/elf.h>
#include <nacre/process_layout.h>
#include <nacre/protocol/space.h>
#include <nacre/protocol/thread.h>
#include <nacre/start.h>

#include <pager/grant.h>
#include <pager/kernel.h>
#include <pager/mapping.h>

#include "root.h"

#define WINDOW_BYTES      (UINT64_C(1) << 32)
#define SLOT_BASE         1u
#define QUANTUM           UINT64_C(10000000) /* ns */
#define PRIORITY_ORDINARY 150u

/* A program on its way into memory. */
struct loading {
	struct root *root;
	struct child *child;
	struct archive_file file;
	struct process_window window;
	struct elf_plan plan;
	struct process_layout layout;
	struct thread_handles thread;
};

static error_t map_file(void *context, uint64_t address, uint64_t file_offset, uint64_t file_bytes, uint32_t rights) {
	const struct loading *loading = context;
	const struct region *archive = loading->root->archive_region;
	const struct mapping_request request = {
		.kind = (rights & PAGE_WRITE) ? MAPPING_COPY_ON_WRITE : MAPPING_SHARED,
		.address = address,
		.bytes = file_bytes,
		.rights = rights,
		.region = loading->root->archive_region,
		.offset = loading->file.offset + file_offset,
		.region_size = archive->page_count << PAGE_SHIFT,
	};
	uint64_t at;

	return mapping_add(loading->child->instance, &request, &at);
}

static error_t map_zero(void *context, uint64_t address, uint64_t size, uint32_t rights) {
	const struct loading *loading = context;
	const struct mapping_request request = {
		.kind = MAPPING_ANONYMOUS,
		.address = address,
		.bytes = size,
		.rights = rights,
	};
	uint64_t at;

	return mapping_add(loading->child->instance, &request, &at);
}

/* What is wrong with the file, or NULL. */
static const char *file_open(struct loading *loading) {
	struct root *root = loading->root;
	enum archive_result result =
		archive_find(&root->archive, script_line_program(&loading->child->line), &loading->file);
	struct elf_place place;
	enum elf_problem problem;

	if (result != ARCHIVE_FOUND) return archive_result_text(result);
	if (process_place(&loading->window, &place) != ERROR_OK) return "the address window is too small";
	problem =
		elf_plan_image(root->archive.bytes + loading->file.offset, loading->file.size, &place, &loading->plan);
	if (problem != ELF_FINE) return elf_problem_text(problem);
	if (loading->file.offset % PAGE_BYTES != 0)
		return "the file does not start on a page of the archive: build the image again";
	if (process_layout_make(&loading->window, &loading->plan, &loading->layout) != ERROR_OK)
		return "image and stack do not fit into the address window together";
	return NULL;
}

/* The two capabilities that every program is born with. */
static error_t slots_fill(struct loading *loading, uint64_t ceiling) {
	const struct child *child = loading->child;
	slot_t space = child->instance->space;
	uint64_t control = ceiling | ~CONTROL_CEILING_MASK;

	TRY(space_capability_derive(start_space(), space, SLOT_BASE + START_SLOT_SPACE, RIGHTS_ALL, control, 1,
	                            item_share(space)));
	return space_capability_derive(start_space(), loading->root->self, SLOT_BASE + START_SLOT_PARENT, RIGHT_SEND,
	                               BADGE(PROTOCOL_PARENT, child->number), 1, item_share(space));
}

static error_t thread_prepare(struct loading *loading, uint64_t priority) {
	capability_t control = loading->thread.control;

	TRY(thread_set_handler(control, HANDLER_EXCEPTION, exception_item(loading->root, loading->child->instance)));
	return thread_set_budget(control, QUANTUM, priority);
}

static error_t thread_go(struct loading *loading) {
	const struct process_start start = {.window = loading->window, .slot_base = SLOT_BASE};
	uint64_t words[PROCESS_START_WORDS];

	process_start_words(&start, &loading->plan, &loading->layout, words);
	return thread_start(loading->thread.control, words[0], words[1], words[2], words[3], words[4], words[5],
	                    words[6], words[7]);
}

static error_t space_build(struct loading *loading) {
	const struct process_mapper mapper = {
		.map_file = map_file,
		.map_zero = map_zero,
		.context = loading,
	};
	struct resource priority = {.first = PRIORITY_ORDINARY};

	if (!child_resource(loading->child, RESOURCE_PRIORITY, &priority)) priority.first = PRIORITY_ORDINARY;
	loading->child->instance->ceiling = (unsigned int)priority.first;
	TRY(grant_space(loading->child->instance));
	TRY(process_map(&loading->plan, &loading->layout, &mapper));
	TRY(slots_fill(loading, priority.first));
	TRY(grant_thread(loading->child->instance, loading->layout.utcb, &loading->thread));
	TRY(thread_prepare(loading, priority.first));
	return thread_go(loading);
}

/* In frames. What is to be left to others is never more than half of what there is. */
static uint64_t memory_limit(const struct loading *loading) {
	const struct pager *pager = &loading->root->pager;
	uint64_t free = pager->pool.free_count + pager->source->left(pager);
	struct resource memory;

	if (child_resource(loading->child, RESOURCE_MEMORY, &memory)) return memory.first >> PAGE_SHIFT;
	if (!child_resource(loading->child, RESOURCE_MEMORY_BUT, &memory)) return ACCOUNT_UNLIMITED;
	return memory.first >> PAGE_SHIFT < free / 2 ? free - (memory.first >> PAGE_SHIFT) : free / 2;
}

static error_t instance_make(struct loading *loading) {
	uint64_t limit = memory_limit(loading);

	return instance_create(&loading->root->pager.top, limit, loading->window.base, loading->window.size,
	                       &loading->child->instance);
}

const char *loader_start(struct root *root, struct child *child) {
	/* The plan is large, and root has one thread. */
	static struct loading loading;
	const char *problem;
	error_t error;

	loading = (struct loading){
		.root = root,
		.child = child,
		.window.base = (child->number + 1) * WINDOW_BYTES,
		.window.size = WINDOW_BYTES,
	};
	problem = file_open(&loading);
	if (problem) return problem;
	child->load = loading.plan.load;
	error = instance_make(&loading);
	if (error != ERROR_OK) return error_text(error);
	error = space_build(&loading);
	kernel_capability_delete(loading.thread.control);
	kernel_capability_delete(loading.thread.thread);
	if (error == ERROR_OK) return NULL;
	instance_destroy(child->instance);
	child->instance = NULL;
	return error_text(error);
}
