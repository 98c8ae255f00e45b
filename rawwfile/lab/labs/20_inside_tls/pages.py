"""Lab 20: a site that speaks TLS, with something to hide."""

from rawwfile import expose
from rawwfile.lab.certificates import lab_certificates


class Root:
    """/secret is what nobody on the way may read; /authority.pem is the certificate to believe."""

    @expose
    def index(self):
        return '<!DOCTYPE html><title>TLS</title><a href="secret">A secret</a>'

    @expose(content_type="text/plain; charset=utf-8")
    def secret(self):
        return "The treasure lies under the third oak.\n"

    @expose(content_type="application/x-pem-file")
    def authority_pem(self):
        return lab_certificates().authority


root = Root()
