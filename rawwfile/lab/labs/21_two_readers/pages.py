"""Lab 21: nothing to visit. The two readers are called in memory."""

from rawwfile import expose


class Root:
    """One page, for those who look for some."""

    @expose(content_type="text/plain; charset=utf-8")
    def index(self):
        return "This lab opens no socket. Run your program: python3 answer.py\n"


root = Root()
