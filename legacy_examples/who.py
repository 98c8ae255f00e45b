"""Who is there: what the server knows of its client.

Room: 5.1 Today. 2018, TLS 1.3
Goal: address, protocol, and over HTTPS the TLS version and the client's certificate, if it has one.
      /members is for clients with a certificate: TLS has checked it, the page only reads the name.
Run:  python3 -m rawwfile serve legacy_examples/who.py
Try:  curl http://127.0.0.1:8000/
Look: serve it with "rawwfile demo --mtls", which makes a certificate for you to show and prints the
      curl line that does. With --wire=web the handshake is there record by record, and the page's
      text stands on the plain side alone.
"""

from rawwfile import HTTPError, expose, quickstart, request


class Root:
    @expose(content_type="text/plain", stream=False)
    def index(self):
        yield f"address:     {request.remote_addr} port {request.remote_port}\n"
        yield f"protocol:    {request.protocol}\n"
        if request.tls is not None:
            yield f"TLS:         {request.tls.version}, {request.tls.cipher}\n"
            yield f"certificate: {self.name_on(request.peerCertificate)}\n"

    @expose(content_type="text/plain")
    def members(self):
        if request.peerCertificate is None:
            raise HTTPError(403, "This page is for clients that show a certificate.")
        return f"Welcome, {self.name_on(request.peerCertificate)}\n"

    def name_on(self, certificate):
        if certificate is None:
            return "none was shown"
        parts = [f"{name}={value}" for group in certificate.get("subject", ()) for name, value in group]
        parts += [f"{kind}={value}" for kind, value in certificate.get("subjectAltName", ())]
        return ", ".join(parts)


root = Root()

if __name__ == "__main__":
    quickstart(root)
