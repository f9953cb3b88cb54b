/* SPDX-License-Identifier: MIT */
/*
 * What bench asks of bench-peer. Not a protocol of the system: both ends are this directory.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#define PEER_PATH     "/svc/bench-peer"
#define PEER_PROTOCOL 0x1ffu

/* Labels. Any other is answered with the words it came with. */
#define PEER_LABEL_ECHO 1u

#endif
