from rawwfile.cherrypy.lib import mails as libraryMails
CherryClass Mail abstract:
variable:
    smtpPort = ''
    smtpServer = 'localhost'
function:
    def sendMail(self, sender, receiver, bcc, contentType, subject, msg):
        message = libraryMails.plain_message(sender, receiver, subject, contentType, msg)
        libraryMails.send(self.smtpServer, self.smtpPort, sender, [receiver, bcc], message)
    def sendHtmlMail(self, sender, receiver, bcc, subject, txtmsg, htmlmsg):
        message = self.createhtmlmail(htmlmsg, txtmsg, subject, sender, receiver)
        libraryMails.send(self.smtpServer, self.smtpPort, sender, [receiver, bcc], message)
    def createhtmlmail(self, html, text, subject, sender, submit_by):
        return libraryMails.html_message(html, text, subject, sender, submit_by)
