/* SPDX-License-Identifier: MIT */
/*
 * A host made of a few lines, to talk to the guest's side of the link in tests.
 */
#ifndef NACRE_TEST_LINK_HOST_H
#define NACRE_TEST_LINK_HOST_H

#include "link.h"

/* Frames that this host can keep. */
#define HOST_WINDOW 3u

/* The guest's side, and what it was told. */
extern struct link link_;
extern int runs, power_offs, changes;
extern int32_t power_status;

extern struct byte_queue to_guest;
extern uint32_t host_sent; /* number of the last frame that the host sent */

/* A link that has not started to speak; then with a session, a shell, a script. */
void given_a_link(void);
void given_a_session(void);
void given_a_ready_shell(void);
void given_a_running_script(void);

void host_sends_frame(struct frame frame);
/* Sends the next numbered frame. */
void host_sends(uint8_t channel, uint8_t kind, uint32_t acknowledged, const char *payload);
void host_acknowledges(uint32_t number);
void host_says_hello(uint32_t channels);

/* The next frame from the guest; 0 if there is none. Its payload lives until the next call. */
int host_reads(struct frame *frame);
struct frame host_expects(uint8_t channel, uint8_t kind);
void host_expects_nothing(void);
/* The session is over, and the host is told why. */
void host_expects_error(enum link_error code);

/* A command writes to its standard output. */
void stream(const char *text);

#endif
