CherryClass Root:
variable:
    mot = 'été'
mask:
    def index(self, nom='Zoë'):
        <h1>Déjà vu: <py-eval="nom"> <py-eval="self.mot"> <py-eval="len('é')"></h1>
        <py-if="nom == 'Zoë'">tréma</py-if><py-else>autre ÿ</py-else>
        <a py-attr="'à ' + nom" title="é">lien</a>
        <py-for="c in 'aéi'"><py-eval="c">-<py-eval="ord(c)"> </py-for>
        <py-code="
            x = 'çà'
            y = x.upper()
        ">
        <py-eval="x"> <py-eval="y"> <py-eval="`x`">
        <py-include="incl.html">
view:
    def texte(self, q=''):
        return 'reçu: %s %r %d é' % (q, q, len(q))
    def entete(self):
        response.headerMap['x-nom'] = 'é'
        response.simpleCookie['nom'] = 'é'
        return str(request.simpleCookie.keys())
    def trie(self):
        l = ['é', 'z', 'a', 'à']
        l.sort()
        return ''.join(l)
    def uni(self):
        return unicode('é', 'latin-1').encode('utf-8') + repr(u'é'[:0])
    def erreur(self):
        raise 'erreur é'
    def fichier(self):
        return open('incl.html').read()
