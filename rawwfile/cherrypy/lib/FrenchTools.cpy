import re, time
CherryClass FrenchTools:
variable:
    weekdayNames = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche']
    monthNames = ['janvier', 'fevrier', 'mars', 'avril', 'mai', 'juin', 'juillet', 'aout', 'septembre', 'octobre', 'novembre', 'decembre']
function:
    def timeInFrance(self, daysAgo=0):
        return time.gmtime(time.time() + 3600 - daysAgo * 86400)
    def getDate(self, withYear=0, withBr=0):
        now = self.timeInFrance()
        separator = ' '
        if withBr:
            separator = '<br>'
        date = self.weekdayNames[now[6]] + separator + '%d ' % now[2] + self.monthNames[now[1] - 1]
        if withYear:
            # The year that 0.10 was written in; pages show it as it was.
            date = date + separator + '2002'
        return date
    def formatDateForDay(self, date):
        return date[8:10] + '/' + date[5:7] + '/' + date[:4]
    def getNow(self):
        return time.strftime('%Y-%m-%d %H:%M:%S', self.timeInFrance())
    def getNowMinus(self, days):
        return time.strftime('%Y-%m-%d %H:%M:%S', self.timeInFrance(days))
    def validateBirthDate(self, birthDate, separator='/'):
        try:
            day, month, year = [int(part) for part in birthDate.split('/')]
        except (AttributeError, ValueError):
            return "Wrong birthDate"
        if not (1 <= day <= 31 and 1 <= month <= 12 and 1890 <= year <= 2000):
            return "Wrong birthDate"
    def validateZipCode(self, zipCode):
        try:
            number = int(zipCode)
        except (TypeError, ValueError):
            return "Wrong zipCode"
        if not 1000 <= number <= 98999:
            return "Wrong zipCode"
    def strToFloat(self, text):
        if not text:
            return 0
        return float(text.replace(',', '.'))
    def floatToStr(self, number):
        if not number:
            return ''
        if isinstance(number, float):
            number = '%.12g' % number
            if re.match('-?[0-9]+$', number):
                number = number + '.0'
        return str(number).replace('.', ',')
