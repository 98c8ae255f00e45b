CherryClass Lib:
