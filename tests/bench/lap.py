"""python3 -I -S lap.py OUTPUT ERRORS PROGRAM ARGUMENT...: one run, and what it took.

Prints wall seconds, user and system seconds, peak bytes and exit status. A process of its own, with
next to nothing loaded: what a child shows as its peak begins with the memory of who started it.
"""

import posix
import sys
import time

actions = [(posix.POSIX_SPAWN_OPEN, 0, '/dev/null', posix.O_RDONLY, 0)]
for descriptor, path in ((1, sys.argv[1]), (2, sys.argv[2])):
    actions.append((posix.POSIX_SPAWN_OPEN, descriptor, path,
                    posix.O_WRONLY | posix.O_CREAT | posix.O_TRUNC, 0o600))
begin = time.perf_counter()
child = posix.posix_spawn(sys.argv[3], sys.argv[3:], posix.environ, file_actions=actions)
_, status, usage = posix.wait4(child, 0)
wall = time.perf_counter() - begin
print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024,
      posix.waitstatus_to_exitcode(status))
