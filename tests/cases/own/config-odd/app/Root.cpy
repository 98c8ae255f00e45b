CherryClass Root:
variable:
    early = 'no'
function:
    def __init__(self):
        self.early = configFile.get('mine', 'name')
view:
    def get(self, s='mine', o='name'):
        return repr(configFile.get(s, o))
    def int(self, o='number'):
        return repr(configFile.getint('mine', o))
    def float(self, o='number'):
        return repr(configFile.getfloat('mine', o))
    def boolean(self, o='yes'):
        return repr(configFile.getboolean('mine', o))
    def options(self, s='mine'):
        o = configFile.options(s)
        o.sort()
        return str(o)
    def sections(self):
        s = configFile.sections()
        s.sort()
        return '%s %s' % (s, configFile.has_section('DEFAULT'))
    def has(self, s='mine', o='name'):
        return '%s %s' % (configFile.has_section(s), configFile.has_option(s, o))
    def items(self):
        i = configFile.items('mine2')
        i.sort()
        return repr(i)
    def early_(self): return self.early
    def set(self, v):
        if not configFile.has_section('new'): configFile.add_section('new')
        configFile.set('new', 'opt', v)
        return configFile.get('new', 'OPT')
    def catches(self):
        r = []
        for s, o in [('none', 'x'), ('mine', 'none'), ('mine', 'bad')]:
            try: r.append(configFile.get(s, o))
            except ConfigParser.NoSectionError, e: r.append('no section')
            except ConfigParser.NoOptionError, e: r.append('no option')
            except ConfigParser.Error, e: r.append('error')
        return str(r)
    def name(self): return configFileName[-14:]
    def file(self):
        c = ConfigParser.ConfigParser()
        c.read('RootServer.cfg')
        return c.get('mine', 'name')
