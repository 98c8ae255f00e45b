CherryClass Third:
function:
    def __init__(self): pass
view:
    def third(self):
        return 'third'

    
    # end
