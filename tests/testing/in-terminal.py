"""Runs a command in a terminal of its own, types Ctrl-C once a line with the first argument has come, and prints how it ended."""
import os
import pty
import sys

ready, command = sys.argv[1].encode(), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown, typed = b"", False
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:  # Linux says so when the last process has closed the terminal.
        break
    if not part:
        break
    shown += part
    if not typed and ready in shown:
        os.write(terminal, b"\x03")
        typed = True
_, status = os.waitpid(child, 0)
sys.stdout.write(shown.decode(errors="replace"))
print(f"\nended with {os.waitstatus_to_exitcode(status)}")
