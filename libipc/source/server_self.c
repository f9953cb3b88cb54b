/* SPDX-License-Identifier: MIT */
/*
 * A server's capability to itself, from which it makes those that it hands out.
 */
#include <nacre/protocol/thread.h>
#include <nacre/server.h>
#include <nacre/start.h>

error_t server_self(capability_t *self_out) { return thread_derive(start_thread(), RIGHTS_ALL, 0, 0, self_out); }
