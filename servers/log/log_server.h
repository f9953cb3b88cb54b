/* SPDX-License-Identifier: MIT */
/*
 * The log server's parts, and how they are tied together.
 */
#ifndef NACRE_LOG_LOG_SERVER_H
#define NACRE_LOG_LOG_SERVER_H

#include <nacre/protocol/log_server.h>

#include "reader.h"
#include "ring.h"
#include "sources.h"

struct log {
	capability_t self;
	struct log_ring ring;
	struct log_sources sources;
	struct readers readers;
};

extern const struct log_handlers log_handlers;
extern const struct reader_effects log_reader_effects;

#endif
