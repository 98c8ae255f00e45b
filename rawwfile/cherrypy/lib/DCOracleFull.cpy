from rawwfile.cherrypy.lib import databases as libraryDatabases
CherryClass DCOracleFull abstract:
variable:
    auto_commit = 0
function:
    def DBConnect(self, DSN, ID, PSWD):
        self.db = libraryDatabases.oracle(DSN, ID, PSWD)
    def ExecSQL(self, sql):
        return libraryDatabases.rows(self.db, sql)
    def SVExecSQL(self, sql):
        return libraryDatabases.rows(self.db, sql)[0][0]
    def DeleteSQL(self, sql):
        self.changeSQL(sql)
    def InsertSQL(self, sql):
        self.changeSQL(sql)
    def UpdateSQL(self, sql):
        self.changeSQL(sql)
    def changeSQL(self, sql):
        libraryDatabases.execute(self.db, sql)
        if self.auto_commit:
            self.db.commit()
