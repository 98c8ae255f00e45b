from rawwfile.cherrypy.lib import databases as libraryDatabases
CherryClass MySql abstract:
function:
    def openConnection(self, host, user, passwd, db):
        self.connection = libraryDatabases.mysql(host, user, passwd, db)
    def query(self, sql):
        return libraryDatabases.rows(self.connection, sql)
