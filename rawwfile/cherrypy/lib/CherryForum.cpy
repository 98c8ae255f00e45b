def initProgram():
    raise ImportError("CherryForum needs the modules CherryObjectsWeb and CherryObjectsZODB, which were never part of lib/, and their ZODB; leave 'use CherryForum' out, or put a CherryForum.cpy of your own beside the application")
