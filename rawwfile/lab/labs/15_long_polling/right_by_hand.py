"""Lab 15, right: a bell for each one who waits, and the response written by hand."""

import threading

from rawwfile import expose, response, stream


class Root:
    """Your site: /say?text=... says something, /wait?after=N waits for the message behind the first N."""

    def __init__(self):
        self.messages = []
        self.bells = set()
        self.lock = threading.Lock()

    @expose
    def say(self, text):
        with self.lock:
            self.messages.append(text)
            for bell in self.bells:
                bell.set()
        return "said\n"

    @expose
    def wait(self, after="0", **others):
        bell = threading.Event()
        with self.lock:
            self.bells.add(bell)
            if len(self.messages) > int(after):
                bell.set()
        try:
            stream.wait(bell, timeout=25)  # ends at once when the client leaves
        finally:
            with self.lock:
                self.bells.discard(bell)
        content = "\n".join(self.messages[int(after) :]).encode("utf-8")
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))


root = Root()
