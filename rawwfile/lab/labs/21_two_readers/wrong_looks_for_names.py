"""Lab 21, wrong: looks for names in a list of pairs, where they never are."""

from rawwfile.lab.two_readers import by_chunks, by_length

STREAM = (
    b"POST / HTTP/1.1\r\n"
    b"Host: lab\r\n"
    b"Content-Length: 40\r\n"
    b"Transfer-Encoding: chunked\r\n"
    b"\r\n"
    b"0\r\n"
    b"\r\n"
    b"GET /hidden HTTP/1.1\r\nHost: lab\r\n\r\n"
)


def refuses(fields):
    """Whether a careful reader refuses a request with these fields: a list of (name, value)."""
    return "Content-Length" in fields and "Transfer-Encoding" in fields


if __name__ == "__main__":
    for reader in (by_length, by_chunks):
        print(reader.__name__, "sees", [request.line for request in reader(STREAM)])
