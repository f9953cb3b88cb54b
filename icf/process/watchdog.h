/* SPDX-License-Identifier: MIT */
/*
 * A bound on the time that one job can take.
 *
 * A job calls servers that its context's namespace leads to. Most are below this factory and answer
 * at once; but anybody may bind a server there, and one that never answers would hold up all jobs
 * after. So a second thread cancels the call that a job has been waiting in for too long.
 */
#ifndef PROCESS_WATCHDOG_H
#define PROCESS_WATCHDOG_H

#include <nacre/capability.h>

#define WATCHDOG_SECONDS 5

/* Starts the second thread, which watches the calling one. */
NACRE_MUST_CHECK error_t watchdog_start(void);

/*
 * A job begins, or is done. A call in a job that takes too long ends with `cancelled`; at worst, so
 * does the one call that follows the job.
 */
void watchdog_job_begins(void);
void watchdog_job_is_done(void);

#endif
