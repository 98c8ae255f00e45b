use Lib
import sys, os as_os_is_not_2_3
CherryClass Root:
view:
    def index(self):
        return '\n'.join(steps)
