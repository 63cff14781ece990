"""Runs one command and prints its CPU seconds, wall seconds, peak memory in KiB and exit code.

    python -I -S launch.py STDOUT STDERR COMMAND...

A process of its own, and a small one: on Linux a child's `ru_maxrss` is never below what its parent held when it
started it, so the runner, which holds the outputs of others, must not be that parent. CPU includes the
processes which the command started and waited for; peak memory is that of the largest one.
"""

import os
import sys
import time

FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def main() -> None:
    """Run the command of the arguments."""
    stdout, stderr, *command = sys.argv[1:]
    actions = [(os.POSIX_SPAWN_OPEN, 1, stdout, FLAGS, 0o600), (os.POSIX_SPAWN_OPEN, 2, stderr, FLAGS, 0o600)]
    begin = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    print(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
