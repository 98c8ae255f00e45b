"""Lab 21: a stream of requests that two readers read differently."""

from rawwfile.lab.two_readers import by_chunks, by_length

STREAM = (
    b"POST / HTTP/1.1\r\n"
    b"Host: lab\r\n"
    b"Content-Length: 5\r\n"
    b"\r\n"
    b"hello"
    b"GET /next HTTP/1.1\r\n"
    b"Host: lab\r\n"
    b"\r\n"
)


def refuses(fields):
    """Whether a careful reader refuses a request with these fields: a list of (name, value)."""
    return False


if __name__ == "__main__":
    for reader in (by_length, by_chunks):
        print(reader.__name__, "sees", [request.line for request in reader(STREAM)])
