class Plain:
    def old(self):
        return "old"
class New(object):
    def new(self):
        return "new"
