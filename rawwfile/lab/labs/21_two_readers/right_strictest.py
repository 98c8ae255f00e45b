"""Lab 21, right: a chunk with data first, computed lengths; a second length is refused even if it is the same."""

from rawwfile.lab.two_readers import by_chunks, by_length

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: lab\r\n\r\n"
CONTENT = b"3\r\nabc\r\n0\r\n\r\n"
HEAD = f"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nHost: lab\r\nContent-Length: {len(CONTENT + HIDDEN)}\r\n\r\n"
STREAM = HEAD.encode() + CONTENT + HIDDEN + b"GET /after HTTP/1.1\r\nHost: lab\r\n\r\n"


def refuses(fields):
    """Whether a careful reader refuses a request with these fields: a list of (name, value)."""
    names = [name.lower() for name, _ in fields]
    return names.count("content-length") + ("transfer-encoding" in names) > 1


if __name__ == "__main__":
    for reader in (by_length, by_chunks):
        print(reader.__name__, "sees", [request.line for request in reader(STREAM)])
