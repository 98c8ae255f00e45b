"""Lab 15: a page that waits for the next message, and answers the moment it comes."""

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
        self.messages.append(text)
        return "said\n"

    @expose(content_type="application/json")
    def wait(self, after="0", **others):
        return json.dumps(self.messages[int(after):])  # answers at once, also when there is nothing


root = Root()
