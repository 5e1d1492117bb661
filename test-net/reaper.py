#!/usr/bin/env python3
"""An init that only lets the dead rest: what has lost its parent leaves no zombie, whose death others wait for."""
import signal

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    signal.pause()
