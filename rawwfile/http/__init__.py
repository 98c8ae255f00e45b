"""HTTP/1.x without I/O: bytes in, events out. Nothing here knows a socket, a thread or a clock."""
