"""Runs a command and tells what it took: wall time, CPU and memory of it and its children.

    python measure.py OUTPUT COMMAND…

Its output goes to the file OUTPUT; one JSON document goes to stdout. Memory is the largest sum of the
resident sets of its process tree, looked at every 100 ms, or what the kernel kept of the largest
process, whichever is more.
"""

import json
import os
import subprocess
import sys
import threading
import time
from typing import Dict, List

PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(root: int) -> List[int]:
    """The process and all that come from it."""
    children: Dict[int, List[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            children.setdefault(parent, []).append(int(name))
    found = [root]
    for process in found:
        found.extend(children.get(process, []))
    return found


def resident(process: int) -> int:
    try:
        with open(f"/proc/{process}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0


def main() -> None:
    peak = 0
    done = threading.Event()
    with open(sys.argv[1], "wb") as output:
        started = time.perf_counter()
        child = subprocess.Popen(
            sys.argv[2:], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.1):
                peak = max(peak, sum(resident(process) for process in tree(child.pid)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
    json.dump(
        {
            "code": child.returncode,
            "wallMs": round(wall * 1000, 1),
            "cpuMs": round((usage.ru_utime + usage.ru_stime) * 1000, 1),
            "peakMiB": round(max(peak, usage.ru_maxrss * 1024) / 2**20, 1),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
