"""Lab 15, wrong: nobody wakes who waits."""

import json
import threading

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
        return "said\n"

    @expose(content_type="application/json")
    def wait(self, after="0", **others):
        with self.changed:
            self.changed.wait_for(lambda: len(self.messages) > int(after), timeout=25)
            return json.dumps(self.messages[int(after) :])


root = Root()
