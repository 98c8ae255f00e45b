"""Lab 15, right: json_yield keeps a generator for each key; every answer is what it yields next."""

import threading

from rawwfile import expose, json_yield, stream


class Root:
    """Your site: /say?text=... says something, /wait?key=... gives one message after the other."""

    def __init__(self):
        self.messages = []
        self.something = threading.Event()

    @expose
    def say(self, text):
        self.messages.append(text)
        self.something.set()
        return "said\n"

    @json_yield
    def wait(self, after="0"):
        number = int(after)
        while True:
            while number >= len(self.messages):
                self.something.clear()
                if number >= len(self.messages):
                    stream.wait(self.something)
            yield self.messages[number]
            number += 1


root = Root()
