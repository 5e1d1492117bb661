"""Types a line and a tab into an interactive zsh that has the completions of a folder; prints the arguments that adit would then be called with.

usage: zsh.py FOLDER LINE
"""
import os, pty, select, sys, time


def until(fd, mark, seen=b""):
    end = time.monotonic() + 20
    while mark not in seen and time.monotonic() < end:
        if select.select([fd], [], [], 0.2)[0]:
            seen += os.read(fd, 4096)
    return seen


pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execvp("zsh", ["zsh", "-f", "-i"])
# the marks are typed in two halves, since the terminal echoes what is typed
os.write(fd, f"fpath=({sys.argv[1]} $fpath); autoload -U compinit; compinit -u -D; adit() {{ print 'GO''T['$*']' }}; print REA''DY\n".encode())
until(fd, b"READY\r\n")
os.write(fd, sys.argv[2].encode() + b"\t\n")
seen = until(fd, b"]\r\n")
print(seen[seen.rfind(b"GOT[") + 4:].split(b"]")[0].decode())
os.close(fd)
