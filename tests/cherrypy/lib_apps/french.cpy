use FrenchTools, SpecialCharacter
import time
CherryClass Root:
function:
    def attempt(self, f, *args):
        try: return `f(*args)`
        except Exception, e: return e.__class__.__name__ + ': ' + str(e)
view:
    def index(self):
        f = frenchTools
        r = []
        for a in ['2003-04-05', '2003-04-05 10:20:30', '', '2003', '03-4-5', 'abcd-ef-gh']:
            r.append(self.attempt(f.formatDateForDay, a))
        for a in ['01/01/1980', '31/12/2000', '32/01/1980', '0/1/1980', '1/1/1889', '1/1/1890', '1/1/2001', '1-1-1980', '', 'a/b/c', '1/1', '1/1/1980/5', '1/13/1980', '31/02/1980', ' 1 / 2 / 1980', '01.01.1980', '1/1/80', None]:
            r.append(self.attempt(f.validateBirthDate, a))
        r.append(self.attempt(f.validateBirthDate, '1-1-1980', '-'))
        r.append(self.attempt(f.validateBirthDate, '1/1/1980', '-'))
        for a in ['75001', '511', '1000', '01000', '98999', '99000', '', 'abcde', '7500', '750011', ' 75001', '2A004', '-75001', 75001, None, '75001.5', '0']:
            r.append(self.attempt(f.validateZipCode, a))
        for a in ['', '1,5', '1.5', '1', ' 2,5 ', None, 0, '-1,25']:
            r.append(self.attempt(f.strToFloat, a))
        for a in [0, 0.0, '', None, 1, 1.5, 0.1, 1.0/3, 100000.0, -2.25, 1e20, '1.5', 12345678901234.5, 2L]:
            r.append(self.attempt(f.floatToStr, a))
        return '\n'.join(r)
    def dates(self):
        real = time.gmtime, time.localtime, time.time
        r = []
        for t in [0, 86400*40, 86400*75, 86400*100, 86400*130, 86400*165, 86400*190, 86400*220, 86400*250, 86400*280, 86400*320, 86400*350, 951782400, 1083827289, 1083880799, 1083880800, 1083884399, 1083884400]:
            time.time = lambda: t
            for args in [(), (1,), (0, 1), (1, 1)]:
                r.append(self.attempt(frenchTools.getDate, *args))
            r.append(self.attempt(frenchTools.getNow))
            r.append(self.attempt(frenchTools.getNowMinus, 1))
            r.append(self.attempt(frenchTools.getNowMinus, 365))
            r.append(self.attempt(frenchTools.getNowMinus, 0.5))
        time.time = real[2]
        return '\n'.join(r)
    def special(self):
        s = specialCharacter
        r = [`s.specialCharacterList[:11]` + `s.specialCharacterList[-68:]`]
        for t in ['&eacute;', '&#233;', '\\233', '&#xE9;', '&#xe9;', '\\xE9', '\\xe9', 'caf&eacute; &amp; th&eacute;', '\\1601', '\xe9', '&nbsp;', '&frac12; &#189; &#xBD;', '&#0233;', '&EACUTE;', '&shy;\\173\\xad&#173;', '&#160', '\\x', 'C:\\x200', '\\2550', '&amp;eacute;', '']:
            r.append(self.attempt(s.toRendering, t))
        return '\n'.join(r)
