from rawwfile.cherrypy.lib import databases as libraryDatabases
CherryClass PostGres abstract:
function:
    def openConnection(self, host, user, passwd, db):
        self.connection = libraryDatabases.postgres(host, user, passwd, db)
    def query(self, sql):
        return libraryDatabases.rows_or_count(self.connection, sql)
