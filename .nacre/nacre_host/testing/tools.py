# SPDX-License-Identifier: MIT
"""Tools that judge sources: how they are run, several at a time, and what they are not asked twice.

Owns the cache of files in which a tool found nothing, by a hash of all that it looks at: its own
version, its arguments and configuration, the source and every header that the compiler read for it.
Only clean files are remembered; what has a problem is looked at again. Which tools look at what is
static_analysis.py's.
"""

import concurrent.futures
import dataclasses
import functools
import hashlib
import pathlib
import subprocess

from nacre_host.project import TOP, processor_count

MOST_PROBLEMS = 60


def output_of(command, directory=TOP):
    """Runs @command; returns (its exit status, its output)."""
    result = subprocess.run(
        [str(word) for word in command],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return result.returncode, result.stdout


def problems_of(command, directory=TOP):
    """Returns the output of @command as lines if it fails."""
    status, output = output_of(command, directory)
    return (output.splitlines() or [f"{command[0]} ends with {status}"]) if status else []


@functools.lru_cache(maxsize=None)
def file_hash(path):
    """Returns a hash of what stands in @path; a run of the host command reads each file once."""
    try:
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
    except OSError:
        return "none"


@functools.lru_cache(maxsize=None)
def tool_version(tool):
    """Returns what @tool says of its version."""
    return output_of([tool, "--version"])[1]


@dataclasses.dataclass(frozen=True)
class Job:
    """One run of a tool: on one source, with all files that its answer depends on."""

    command: tuple
    directory: pathlib.Path
    inputs: tuple

    def key(self):
        """Returns a name for everything that the answer depends on."""
        text = "\n".join(
            (
                tool_version(self.command[0]),
                *map(str, self.command),
                str(self.directory),
                *(f"{path} {file_hash(path)}" for path in sorted(self.inputs)),
            )
        )
        return hashlib.sha256(text.encode()).hexdigest()


def problems_of_jobs(jobs, memory):
    """Runs @jobs, several at a time, but for those that directory @memory knows to be clean."""
    memory.mkdir(exist_ok=True)
    keys = {job: job.key() for job in jobs}
    known = {path.name for path in memory.iterdir()}
    for name in known - set(keys.values()):
        (memory / name).unlink()

    def run(job):
        problems = problems_of(job.command, job.directory)
        if not problems:
            (memory / keys[job]).touch()
        return problems

    with concurrent.futures.ThreadPoolExecutor(processor_count()) as pool:
        found = pool.map(run, [job for job in jobs if keys[job] not in known])
        # What is wrong in a header is found by all that include it.
        return list(dict.fromkeys(line for lines in found for line in lines))[:MOST_PROBLEMS]
