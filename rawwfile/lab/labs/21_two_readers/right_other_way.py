"""Lab 21, right: the other way round: the reader of lengths sees the hidden request."""

from rawwfile.lab.two_readers import by_chunks, by_length

STREAM = (
    b"POST / HTTP/1.1\r\n"
    b"Host: lab\r\n"
    b"Transfer-Encoding: chunked\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"36\r\n"
    b"GET /hidden HTTP/1.1\r\nHost: lab\r\nContent-Length: 7\r\n\r\n"
    b"\r\n0\r\n\r\n"
)


def refuses(fields):
    """Whether a careful reader refuses a request with these fields: a list of (name, value)."""
    names = [name.lower() for name, _ in fields]
    if "transfer-encoding" in names and "content-length" in names:
        return True
    return names.count("content-length") > 1 or names.count("transfer-encoding") > 1


if __name__ == "__main__":
    for reader in (by_length, by_chunks):
        print(reader.__name__, "sees", [request.line for request in reader(STREAM)])
