use FrenchTools, SpecialCharacter, Mail, HttpAuthenticate, Tools
import thread, socket, re
CherryClass MyMail(Mail):
variable:
    smtpServer = '127.0.0.1'
CherryClass Root:
function:
    def serveOne(self, sock, got):
        conn, address = sock.accept()
        f = conn.makefile('rb', 0)
        conn.send('220 ready\r\n')
        data = 0
        while 1:
            line = f.readline()
            if not line: break
            got.append(line)
            if data:
                if line == '.\r\n':
                    data = 0
                    conn.send('250 ok\r\n')
                continue
            word = line[:4].upper()
            if word == 'DATA':
                data = 1
                conn.send('354 go\r\n')
            elif word == 'QUIT':
                conn.send('221 bye\r\n')
                break
            else: conn.send('250 ok\r\n')
        conn.close()
    def receive(self, send, *args):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.bind(('127.0.0.1', 0))
        sock.listen(1)
        got = []
        t = threading.Thread(target=self.serveOne, args=(sock, got))
        t.start()
        myMail.smtpPort = sock.getsockname()[1]
        send(*args)
        t.join()
        text = ''.join(got).replace('mail from', 'mail FROM').replace('rcpt to', 'rcpt TO')
        text = re.sub('(?i)(ehlo|helo) .*', 'HELO', text)
        text = re.sub('Date: .*', 'Date: now', text)
        text = re.sub('size=\d+', 'size', text)
        return text
view:
    def mail(self, bcc=''):
        return self.receive(myMail.sendMail, 'from@a.b', 'to@c.d', bcc, 'text/plain', 'The subject', 'line one\nline two\n.\nend')
    def french(self):
        f = frenchTools
        r = [f.formatDateForDay('2004-05-06 07:08:09'), f.validateBirthDate('31/12/1970'), f.validateBirthDate('32/12/1970'), f.validateBirthDate('1/1/1'), f.validateZipCode('75001'), f.validateZipCode('abc'), f.strToFloat('1,5'), f.strToFloat(''), f.floatToStr(2.5), f.floatToStr(0)]
        r.append(re.sub('\d', '9', f.getNow()))
        r.append(re.sub('\d', '9', f.getNowMinus(1)))
        return '\n'.join(map(str, r))
    def frenchDate(self):
        d = frenchTools.getDate()
        e = frenchTools.getDate(1, 1)
        return '%s %s %s' % (len(d.split()), e.find('<br>') != -1, e[-4:])
    def special(self, t='&eacute; &#233; &#xE9; &amp; &nbsp;| &szlig;'):
        return specialCharacter.toRendering(t)
    def specialList(self):
        l = specialCharacter.specialCharacterList
        return '%s %s' % (l[0], l[-1])
CherryClass Area(HttpAuthenticate):
variable:
    domain = 'The area'
function:
    def getPasswordListForLogin(self, login):
        if login == 'two': return ['a', 'b']
        if login == 'open': return 1
        return []
mask:
    def index(self):
        in as <py-eval="self.login">
    def unauthorized(self):
        go away
view:
    def page(self, x='1'): 
        return 'page ' + x + self.login
    def part(self) hidden:
        return 'part'
    def whole(self):
        return self.part() + self.login
CherryClass Open(HttpAuthenticate):
function:
    def getPasswordListForLogin(self, login): return 1
view:
    def index(self):
        return 'open to all'
