"""The benchmarks: rawwfile beside its peers, run by hand and never by pytest.

    python -m tests.benchmarks --quick            under a minute: does it meet the goals?
    python -m tests.benchmarks                    everything, about eight minutes
    python -m tests.benchmarks --only W1,W6       some workloads (W1 is every W1-..., not W1h-...)
    python -m tests.benchmarks --two-cores        servers and load share all cores
    python -m tests.benchmarks --servers rawwfile,rawwfile@../base,cheroot,cheroot:1
    python -m tests.benchmarks --python PATH      run the servers with another Python
    python -m tests.benchmarks --nice -15         as root, on a machine that others keep busy

    python -m tests.benchmarks.promptness         streams: delays, and how soon a client's leaving is noticed
    python -m tests.benchmarks.pages_of_2004      pages of a .cpy application, beside the original under Python 2.7

With --seconds 0.3 --rounds 2 everything takes two minutes.

Run it from the top of the checkout. The peers are in the extra `bench`; one that is not installed
is left out. The load generator is load.c, compiled with `cc` for each call; without a compiler
load_python.py takes its place, at a fifth of the speed, and says so.

Servers: rawwfile, rawwfile-wsgi, rawwfile-wire, cheroot, waitress, gunicorn, floor-epoll, floor-threads.
`--servers rawwfile,rawwfile-wire --base rawwfile` shows what a recording of every byte (--wire=web) costs.
`:N` sets the threads (peers have 16 without it), `rawwfile@DIR` runs the checkout in DIR: the way
to see what a change is worth. The floors parse nothing and send canned bytes: no Python server can
be faster. The baseline is cheroot (`--base` takes another).

    W1     hello, 13 bytes, keep-alive: c1, c16, c64, c256; W1-vary: each header block different
    W1h    the same with 16 browser header fields, 674 bytes; W1h-vary: a memo of headers is no help
    W3     100 chunks of 1 KiB
    W4     64 MiB as a return value, and in raw writes; compare with floor-threads, a bare sendall
    W6     64 hello clients without and with 8 slow streams; lag = from a line's write to its arrival
    W7     a new connection for each request
    W8     memory and threads for 1,000 idle connections
    W9     200 handlers of 100 ms at one moment
    W10    start to first answer
    W11    100 MiB upload: time and growth of the process
    W12    TLS: requests on kept connections, and handshakes (needs trustme; not in --quick)

How to read it. One core is the server's, the other the load generator's. Rounds are interleaved
(A B C, A B C), and a ratio is the median of the rounds' own ratios, because the machine's speed
changes by the minute; under 15 % is not a finding. "cpu us" is the server's CPU time per request,
over all rounds together, user and system: it moves less than the rate when the machine is busy.
"faults" counts answers that were wrong, missing or refused, and connections that a server ended
although the client would have kept them; a figure with faults is worth nothing.
A last block compares with the goals; the exit code is 1 if one that issue 2 demands is missed.
"""
