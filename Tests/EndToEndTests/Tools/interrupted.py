#!/usr/bin/env python3
"""interrupted.py TEXT PROGRAM ARGUMENT...: runs a program at a terminal, and types Ctrl-C once it shows TEXT. Ends as it does."""
import os
import pty
import select
import sys
import time

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown, is_typed, end = b"", False, time.time() + 40
while time.time() < end:
    if select.select([terminal], [], [], 0.2)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
    if not is_typed and sys.argv[1].encode() in shown:
        os.write(terminal, b"\x03")
        is_typed = True
else:
    os.kill(pid, 9)
sys.stdout.write(shown.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
