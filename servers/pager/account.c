/* SPDX-License-Identifier: MIT */
/*
 * Accounts. Read pager/account.h first.
 */
#include <pager/account.h>

void account_open(struct account *account, struct account *above, uint64_t limit) {
	*account = (struct account){.above = above, .limit = limit};
}

static int account_has_room(const struct account *account, uint64_t frames) {
	return account->used <= account->limit && frames <= account->limit - account->used;
}

error_t account_charge(struct account *account, uint64_t frames) {
	for (const struct account *level = account; level; level = level->above) {
		if (!account_has_room(level, frames)) return ERROR_LIMIT;
	}
	for (struct account *level = account; level; level = level->above) {
		level->used += frames;
		if (level->used > level->peak) level->peak = level->used;
	}
	return ERROR_OK;
}

void account_release(struct account *account, uint64_t frames) {
	for (struct account *level = account; level; level = level->above) level->used -= frames;
}

static uint64_t slots_allowed(const struct account *account, const struct account *top) {
	uint64_t part = top->used ? ACCOUNT_SLOTS * account->used / top->used : 0;
	uint64_t allowed = part < account->used ? part : account->used;

	return allowed > ACCOUNT_SLOTS_LEAST ? allowed : ACCOUNT_SLOTS_LEAST;
}

error_t account_charge_slot(struct account *account) {
	const struct account *top = account;

	while (top->above) top = top->above;
	for (const struct account *level = account; level != top; level = level->above) {
		if (level->slots >= slots_allowed(level, top)) return ERROR_LIMIT;
	}
	for (struct account *level = account; level; level = level->above) level->slots++;
	return ERROR_OK;
}

void account_release_slot(struct account *account) {
	for (struct account *level = account; level; level = level->above) level->slots--;
}
