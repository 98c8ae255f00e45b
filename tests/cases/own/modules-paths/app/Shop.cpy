use Layout,Names
CherryClass Shop(Layout):
view:
    def index(self):
        global counter
        counter = counter + 1
        return self.header('Shop') + str(counter) + names.site + root.index()
mask:
    def teaser(self):
        see <a py-attr="self.getPath()" href="">shop</a>
