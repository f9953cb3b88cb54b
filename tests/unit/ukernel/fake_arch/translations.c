/* SPDX-License-Identifier: MIT */
/*
 * A translation cache that forgets only when told to.
 *
 * Entries are tagged with their space and survive switches, so every flush that the core owes shows at the next
 * check: a cached translation may never give what the page tables no longer give.
 */
#include "translations.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake_arch.h"
#include "space.h"
#include "table.h"

#define TRANSLATIONS_MAX 256u

struct translation {
	struct space *space;
	uint64_t address; /* of the page */
	uint64_t size;
	page_entry_t entry; /* as it was when cached */
};

static struct translation translations[TRANSLATIONS_MAX];
static unsigned int translation_count;
static unsigned int translation_oldest;

void translations_forget_all(void) {
	translation_count = 0;
	translation_oldest = 0;
}

static void translations_drop(const struct space *space, uint64_t address, uint64_t all) {
	unsigned int kept = 0;

	for (unsigned int index = 0; index < translation_count; index++) {
		const struct translation *translation = &translations[index];
		int drop = translation->space == space && (all || address - translation->address < translation->size);
		if (!drop) translations[kept++] = *translation;
	}
	translation_count = kept;
	translation_oldest = 0;
}

void arch_flush_page(struct space *space, struct user_address address) {
	fake_log.page_flushes++;
	translations_drop(space, address.value, 0);
}

void arch_flush_space(struct space *space) {
	fake_log.space_flushes++;
	translations_drop(space, 0, 1);
}

void arch_space_leave(struct space *space) { translations_drop(space, 0, 1); }

/* The lowest entry for @address. */
static struct table_place entry_find(struct space *space, uint64_t address) {
	return table_walk(space, address, TABLE_LEVEL_4K);
}

static int entry_allows(page_entry_t entry, unsigned int access) {
	return (entry & ENTRY_PRESENT) && (page_entry_rights(entry) & access) == access;
}

static void translation_keep(const struct translation *translation) {
	translations_drop(translation->space, translation->address, 0);
	if (translation_count < TRANSLATIONS_MAX) {
		translations[translation_count++] = *translation;
		return;
	}
	translations[translation_oldest] = *translation;
	translation_oldest = (translation_oldest + 1) % TRANSLATIONS_MAX;
}

/* Hardware uses a cached translation without looking at the tables again, and so sets no marks. */
static int access_is_cached(const struct space *space, uint64_t address, unsigned int access) {
	for (unsigned int index = 0; index < translation_count; index++) {
		const struct translation *translation = &translations[index];
		if (translation->space == space && address - translation->address < translation->size &&
		    entry_allows(translation->entry, access) &&
		    (access != PAGE_WRITE || (translation->entry & ENTRY_DIRTY)))
			return 1;
	}
	return 0;
}

enum access_result fake_access(struct space *space, uint64_t address, unsigned int access) {
	if (access_is_cached(space, address, access)) return ACCESS_DONE;
	struct table_place place = entry_find(space, address);
	if (page_entry_kind(*place.entry, place.level) == PAGE_ENTRY_TABLE || !entry_allows(*place.entry, access))
		return ACCESS_FAULT;
	*place.entry |= ENTRY_ACCESSED | (access == PAGE_WRITE ? ENTRY_DIRTY : 0);
	uint64_t size = UINT64_C(1) << page_table_shift(place.level);
	translation_keep(&(struct translation){
		.space = space,
		.address = address & ~(size - 1),
		.size = size,
		.entry = *place.entry,
	});
	return ACCESS_DONE;
}

/* The physical address that @address leads to, given an entry for pages of @size. */
static uint64_t entry_target(page_entry_t entry, uint64_t address, uint64_t size) {
	return page_entry_frame(entry).value + (address & (size - 1));
}

static int translation_is_stale(const struct translation *translation) {
	struct table_place place = entry_find(translation->space, translation->address);
	page_entry_t now = *place.entry;

	if (page_entry_kind(now, place.level) == PAGE_ENTRY_TABLE || !(now & ENTRY_PRESENT)) return 1;
	uint64_t size = UINT64_C(1) << page_table_shift(place.level);
	uint64_t cached = entry_target(translation->entry, translation->address, translation->size);
	return entry_target(now, translation->address, size) != cached ||
	       (page_entry_rights(translation->entry) & ~page_entry_rights(now)) != 0 ||
	       (translation->entry & ~now & (ENTRY_ACCESSED | ENTRY_DIRTY)) != 0;
}

void fake_translations_check(void) {
	for (unsigned int index = 0; index < translation_count; index++) {
		if (!translation_is_stale(&translations[index])) continue;
		fprintf(stderr, "a translation of address %#lx was not flushed\n", translations[index].address);
		abort();
	}
}
