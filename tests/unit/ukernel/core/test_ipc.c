/* SPDX-License-Identifier: MIT */
/*
 * Rendezvous: calls, sends, receives and replies of words.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)

START_TEST(a_call_takes_words_and_badge_to_the_server_and_the_reply_back)
{
	struct actor *client = given_somebody();
	struct actor *server = given_somebody();
	uint32_t slot = given_a_capability(server, client->home, RIGHT_SEND, 42);

	receives(server);
	calls(client, slot, LABEL_ASK, WORDS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(IPC_TAG_WORDS(tag_of(server)), 10);
	for (unsigned int index = 0; index < 10; index++)
		ck_assert_uint_eq(word_of(server, index), index + 1);
	assert_waiting(client);

	reply_receives(server, ERROR_OK, WORDS(11, 12));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 0), 11);
	ck_assert_uint_eq(word_of(client, 1), 12);
	assert_waiting(server);
}
END_TEST

SUITE("kernel ipc", a_call_takes_words_and_badge_to_the_server_and_the_reply_back)
