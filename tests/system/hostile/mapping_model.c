/* SPDX-License-Identifier: MIT */
/*
 * Mappings in lockstep with a model: random map, unmap, protect and grants, each with one right
 * answer.
 *
 * Places are pages of the scratch area and, before them, frames (root's holds). The model keeps for
 * each place what is there and what it was derived from.
 */
#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "random.h"
#include "tests.h"

#define PAGE    UINT64_C(4096)
#define FRAMES  8u
#define PLACES  48u /* the first are the frames */
#define NOTHING PLACES

struct place {
	unsigned int frame; /* NOTHING: empty */
	unsigned int parent;
	unsigned int rights;
	unsigned int is_hold;
};

static struct place places[PLACES];
/* The place whose hold was granted for a frame; NOTHING if the frame is not the kernel's. */
static unsigned int grants[FRAMES];
static uint64_t frames_first;

static uint64_t address_of(unsigned int place) {
	return place < FRAMES ? frames_first + place * PAGE : SCRATCH + (place - FRAMES) * PAGE;
}

static void model_start(void) {
	frames_first = frames_take(FRAMES);
	for (unsigned int index = 0; index < PLACES; index++) places[index] = (struct place){NOTHING, NOTHING, 0, 0};
	for (unsigned int index = 0; index < FRAMES; index++) {
		places[index] = (struct place){index, NOTHING, PAGE_RIGHTS, 1};
		grants[index] = NOTHING;
	}
}

static int is_below(unsigned int place, unsigned int top) {
	while (place != NOTHING && place != top) place = places[place].parent;
	return place == top;
}

static void model_clear_below(unsigned int top) {
	unsigned int gone[PLACES] = {0};
	unsigned int count = 0;

	for (unsigned int frame = 0; frame < FRAMES; frame++)
		if (grants[frame] != NOTHING && is_below(grants[frame], top)) grants[frame] = NOTHING;
	for (unsigned int index = 0; index < PLACES; index++)
		if (index != top && places[index].frame != NOTHING && is_below(index, top)) gone[count++] = index;
	while (count > 0) places[gone[--count]] = (struct place){NOTHING, NOTHING, 0, 0};
}

static int has_children(unsigned int place) {
	for (unsigned int index = 0; index < PLACES; index++)
		if (places[index].frame != NOTHING && places[index].parent == place) return 1;
	return grants[places[place].frame] == place;
}

static uint64_t model_map(unsigned int from, unsigned int to, unsigned int rights, unsigned int is_hold) {
	const struct place *source = &places[from];
	struct place *target = &places[to];

	if (rights == 0) return ERROR_RIGHT;
	if (source->frame == NOTHING) return ERROR_NOT_FOUND;
	if (grants[source->frame] != NOTHING) return ERROR_BUSY;
	/* A present page can be read, so its mapping has that right in any case. */
	unsigned int given = rights & source->rights;
	if (target->frame != NOTHING) {
		if (target->frame != source->frame || target->parent != from) return ERROR_EXISTS;
		if (has_children(to) && (target->rights & ~(given | PAGE_READ)) != 0) return ERROR_BUSY;
	}
	*target = (struct place){source->frame, from, given | PAGE_READ, is_hold};
	return ERROR_OK;
}

static uint64_t model_grant(unsigned int from) {
	const struct place *source = &places[from];

	if (source->frame == NOTHING) return ERROR_NOT_FOUND;
	if (!source->is_hold) return ERROR_BUSY;
	if (!(source->rights & PAGE_WRITE)) return ERROR_RIGHT;
	if (grants[source->frame] != NOTHING) return ERROR_BUSY;
	for (unsigned int index = 0; index < PLACES; index++)
		if (places[index].frame == source->frame && !places[index].is_hold) return ERROR_BUSY;
	grants[source->frame] = from;
	return ERROR_OK;
}

static void model_narrow(unsigned int place, unsigned int rights, unsigned int with_self) {
	for (unsigned int index = 0; index < PLACES; index++)
		if (places[index].frame != NOTHING && is_below(index, place) && (index != place || with_self))
			places[index].rights &= rights | PAGE_READ;
}

static void step_map(struct random *random) {
	unsigned int from = (unsigned int)random_below(random, PLACES);
	unsigned int to = FRAMES + (unsigned int)random_below(random, PLACES - FRAMES);
	unsigned int rights = (unsigned int)random_below(random, 8);
	unsigned int is_hold = (unsigned int)random_below(random, 2);
	uint64_t expected = model_map(from, to, rights, is_hold);

	tap_note("map %u to %u rights %u hold %u", from, to, rights, is_hold);
	CHECK_ERROR(
		KERNEL(SLOT_SPACE, SPACE_MAP, address_of(from), address_of(to), 1, rights | (is_hold ? MAP_HOLD : 0)),
		expected);
}

static void step_unmap(struct random *random) {
	unsigned int place = (unsigned int)random_below(random, PLACES);
	uint64_t keep = place < FRAMES || random_one_in(random, 2) ? UNMAP_CHILDREN : 0;

	tap_note("unmap %u flags %lu", place, (unsigned long)keep);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, address_of(place), 1, keep));
	if (places[place].frame == NOTHING) return;
	model_clear_below(place);
	if (!keep) places[place] = (struct place){NOTHING, NOTHING, 0, 0};
}

static void step_protect(struct random *random) {
	unsigned int place = FRAMES + (unsigned int)random_below(random, PLACES - FRAMES);
	unsigned int rights = (unsigned int)random_below(random, 8);
	uint64_t children = random_one_in(random, 2) ? MAP_CHILDREN : 0;

	const unsigned int frame = places[place].frame;
	const uint64_t expected = frame != NOTHING && grants[frame] != NOTHING ? ERROR_BUSY : ERROR_OK;

	tap_note("protect %u to %u flags %#lx", place, rights, (unsigned long)children);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_PROTECT, address_of(place), 1, rights | children), expected);
	if (frame != NOTHING && !expected) model_narrow(place, rights, children == 0);
}

static void step_grant(struct random *random) {
	unsigned int from = (unsigned int)random_below(random, PLACES);
	uint64_t expected = model_grant(from);

	tap_note("grant %u", from);
	give_frames(address_of(from), 1);
	CHECK_ERROR(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, SLOT_PAGES - 1 - (expected ? 0 : places[from].frame)),
	            expected);
}

/* The kernel's own view of a page, where it can be had without changing it. */
static void check_access(struct random *random) {
	unsigned int place = FRAMES + (unsigned int)random_below(random, PLACES - FRAMES);
	volatile uint64_t *word = (volatile uint64_t *)address_of(place);

	if (places[place].frame == NOTHING || places[place].is_hold) return;
	if (places[place].rights & PAGE_WRITE)
		*word = places[place].frame + 100;
	else
		(void)*word;
}

static void mappings_do_what_a_model_of_them_says(void) {
	struct random random = {hostile_seed()};
	uint64_t rounds = hostile_rounds(100000);

	model_start();
	for (uint64_t round = 0; round < rounds; round++) {
		switch (random_below(&random, 10)) {
		case 0:
		case 1: step_unmap(&random); break;
		case 2: step_protect(&random); break;
		case 3: step_grant(&random); break;
		case 4: check_access(&random); break;
		default: step_map(&random); break;
		}
		CHECK_DONE();
		tap_forget_notes();
	}
}

const struct test mapping_model_tests[] = {
	TEST(mappings_do_what_a_model_of_them_says),
	TESTS_END,
};
