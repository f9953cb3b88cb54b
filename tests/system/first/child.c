/* SPDX-License-Identifier: MIT */
/*
 * Children. Read first/child.h first.
 */
#include <first/child.h>

#include <string.h>

#include <nacre/start.h>

#include <first/kernel.h>
#include <first/machine.h>
#include <first/tap.h>

#define PAGE      UINT64_C(4096)
#define VIEW_SIZE (CHILD_VIEWS_SIZE / CHILDREN_MAX)

/* The linker's: where this program ends. */
extern char _end[] __attribute__((visibility("hidden")));

static unsigned int children_used;

void children_forget(void) { children_used = 0; }

static uint64_t image_start(void) { return start_info()->load_address; }

static uint64_t image_pages(void) { return ((uint64_t)(uintptr_t)_end - image_start() + PAGE - 1) / PAGE; }

void space_create(struct child *child) {
	*child = (struct child){.space = slots_expect(1), .frames = frames_take(2)};
	give_frames(child->frames, 2);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CREATE_SPACE));
	child->serial = answer.words[0];
}

void space_add_tables(const struct child *child, uint64_t address) {
	static const uint64_t frames[] = {[TABLE_LEVEL_1G] = 1, [TABLE_LEVEL_2M] = 5, [TABLE_LEVEL_4K] = 5};

	for (uint64_t level = TABLE_LEVEL_1G; level >= TABLE_LEVEL_4K; level--) {
		give_frames(frames_take(frames[level]), frames[level]);
		CHECK_OK(KERNEL(child->space, SPACE_ADD_TABLE, address, level));
	}
}

void child_map(const struct child *child, uint64_t frames, uint64_t address, uint64_t count, uint64_t rights) {
	give_capability(child->space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frames, address, count, rights));
}

static void image_copy(struct child *child) {
	uint64_t pages = image_pages();
	uint64_t frames = frames_take(pages);

	CHECK(children_used < CHILDREN_MAX);
	CHECK(pages * PAGE <= VIEW_SIZE);
	child->image = frames;
	child->view = CHILD_VIEWS + children_used++ * VIEW_SIZE;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frames, child->view, pages, PAGE_READ | PAGE_WRITE));
	memcpy((void *)child->view, (const void *)image_start(), pages * PAGE);
	child_map(child, frames, image_start(), pages, PAGE_RIGHTS);
}

void child_create(struct child *child) {
	space_create(child);
	give_frames(frames_take(1), 1);
	CHECK_OK(KERNEL(child->space, SPACE_ADD_SLOTS, 0));
	space_add_tables(child, image_start());
	image_copy(child);
}

uint64_t child_image_frame(const struct child *child, uint64_t address) {
	const uint64_t page = (address - image_start()) / PAGE;

	return page < image_pages() ? child->image + page * PAGE : 0;
}

void *child_view(const struct child *child, void *variable) {
	return (void *)((uint64_t)(uintptr_t)variable - image_start() + child->view);
}

void child_give(const struct child *child, uint32_t from, uint64_t slot, uint64_t rights) {
	give_capability(child->space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_SHARE, from, slot, rights));
}

void child_give_badged(const struct child *child, uint32_t from, uint64_t slot, uint64_t rights, uint64_t badge) {
	give_capability(child->space);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, from, slot, rights, badge, 1));
}
