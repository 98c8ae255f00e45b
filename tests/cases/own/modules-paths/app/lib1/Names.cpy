import string
def initServer():
    global counter
    counter = 0
CherryClass Names:
variable:
    site = 'The Site'
