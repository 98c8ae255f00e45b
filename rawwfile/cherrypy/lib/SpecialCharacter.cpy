CherryClass SpecialCharacter:
variable:
    entityNames = '''
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not reg macr deg plusmn sup2 sup3 acute micro para
        middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave
        Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute
        Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave
        iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        '''
    otherRenderings = {'nbsp': ' ', 'laquo': '"', 'raquo': '"', 'not': '', 'para': ''}
function:
    def __init__(self):
        self.specialCharacterList = []
        codes = [code for code in range(160, 256) if code != 173]
        for name, code in zip(self.entityNames.split(), codes):
            rendering = self.otherRenderings.get(name, chr(code))
            self.specialCharacterList.append(('&%s;' % name, '&#%d;' % code, '&#x%X;' % code, rendering))
    def toRendering(self, text):
        for entity, decimal, hexadecimal, rendering in self.specialCharacterList:
            number = hexadecimal[3:5]
            for written in (entity, decimal, '\\' + decimal[2:5], hexadecimal, '\\x' + number, '\\x' + number.lower()):
                text = text.replace(written, rendering)
        return text
