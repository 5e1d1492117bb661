package adit.tunnel;

import adit.swarm.Swarm;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;

/** What every tunnel of a daemon works with. */
record Surroundings(
        Swarm swarm, TunnelSettings settings, BufferPool pool, Loops loops, Deadlines deadlines, Log log, LiveStreams streams) {}
