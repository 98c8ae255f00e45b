def initProgram():
    import sys
    sys.path.insert(0, '')
    steps = ['initProgram lib']
    def note(text): steps.append(text)
def initServer():
    note('initServer lib')
CherryClass Lib:
variable:
    note('class Lib')
function:
    def __init__(self):
        note('__init__ Lib')
