"""Lab 11: a site with a quick page and a slow one."""

import time

from rawwfile import expose

SLOW = 0.4


class Root:
    """/fast is there at once, /slow takes a moment."""

    @expose
    def fast(self, *names, **values):
        return "fast\n"

    @expose
    def slow(self, *names, **values):
        time.sleep(SLOW)
        return "slow\n"


root = Root()
