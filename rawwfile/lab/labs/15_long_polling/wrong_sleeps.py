"""Lab 15, wrong: it sleeps for a fixed time and then answers, whether there is something or not."""

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
        time.sleep(0.02)
        return json.dumps(self.messages[int(after) :])


root = Root()
