CherryClass Other:
view:
    def other(self): return 'other without final newline'