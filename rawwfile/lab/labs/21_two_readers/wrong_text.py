"""Lab 21, wrong: the stream is text; HTTP is bytes."""

from rawwfile.lab.two_readers import by_chunks, by_length

STREAM = (
    "POST / HTTP/1.1\r\n"
    "Host: lab\r\n"
    "Content-Length: 40\r\n"
    "Transfer-Encoding: chunked\r\n"
    "\r\n"
    "0\r\n"
    "\r\n"
    "GET /hidden HTTP/1.1\r\nHost: lab\r\n\r\n"
)


def refuses(fields):
    """Whether a careful reader refuses a request with these fields: a list of (name, value)."""
    lengths = {value for name, value in fields if name.lower() == "content-length"}
    codings = [value for name, value in fields if name.lower() == "transfer-encoding"]
    return bool(lengths and codings) or len(lengths) > 1


if __name__ == "__main__":
    for reader in (by_length, by_chunks):
        print(reader.__name__, "sees", [request.line for request in reader(STREAM)])
