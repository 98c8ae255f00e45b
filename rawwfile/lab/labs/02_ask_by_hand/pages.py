"""Lab 2: the site that you ask."""

from rawwfile import expose


class Root:
    """/hello/Ada greets Ada."""

    @expose
    def hello(self, name="stranger", **query):
        return f"Hello, {name}!\n"

    @expose
    def index(self):
        return "Ask for /hello/ and your name.\n"


root = Root()
