"""Lab 15, wrong: it keeps the lock while it waits, so that nobody can say anything."""

import json
import threading
import time

from rawwfile import expose


class Root:
    """Your site: /say?text=... says something, /wait?after=N waits for the message behind the first N."""

    def __init__(self):
        self.messages = []
        self.changed = threading.Condition()

    @expose
    def say(self, text):
        with self.changed:
            self.messages.append(text)
            self.changed.notify_all()
        return "said\n"

    @expose(content_type="application/json")
    def wait(self, after="0", **others):
        end = time.monotonic() + 20
        with self.changed:
            while len(self.messages) <= int(after) and time.monotonic() < end:
                time.sleep(0.05)
            return json.dumps(self.messages[int(after) :])


root = Root()
