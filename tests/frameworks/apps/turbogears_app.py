"""A minimal TurboGears2 application with the streams of its manual; its generators yield bytes, as they must."""

import contextlib
import warnings

with warnings.catch_warnings():
    # WebOb, under TurboGears, imports cgi.
    warnings.filterwarnings("ignore", "'cgi' is deprecated", DeprecationWarning)
    import tg
    from tg import MinimalApplicationConfigurator, TGController, expose

from tests.frameworks import gates


def encoded(pieces):
    """TurboGears2 hands a generator's pieces on as they are: they must be bytes."""
    with contextlib.closing(pieces):
        for piece in pieces:
            yield piece.encode()


class RootController(TGController):
    @expose(content_type="application/json")
    def stream_list(self):
        """The example of the manual, with its pauses as gates, and str as the manual has it."""

        def output_pause():
            num = 0
            yield "["
            while num < 9:
                num += 1
                yield "%s, " % num  # noqa: UP031 - as the manual has it
                gates.wait_at(f"number {num}")
            yield "10]"

        return output_pause()

    @expose(content_type="text/plain")
    def stream(self):
        return encoded(gates.two_pieces())

    @expose(content_type="text/plain")
    def endless(self):
        return encoded(gates.endless_pieces())

    @expose(content_type="text/plain")
    def early(self):
        return encoded(gates.failing_pieces())

    @expose(content_type="text/plain")
    def late(self):
        return encoded(gates.failing_pieces("one"))

    @expose(content_type="text/css")
    def context(self, name=""):
        """The manual's: the request inside of the generator."""

        def pieces():
            yield b"%s " % tg.request.path_info.encode()
            yield tg.request.GET["name"].encode()

        return pieces()

    @expose(content_type="text/plain")
    def left_behind(self):
        return f"{gates.leaking.get()} {tg.request.path_info}"

    @expose(content_type="text/plain")
    def stack_depth(self):
        """How many contexts lie on this thread: its own, if no other was left there."""
        return str(len(tg.request_local.context._object_stack()))

    @expose(content_type="text/plain")
    def open(self, name):
        return gates.open_gate(name)

    @expose(content_type="text/plain")
    def count(self, name):
        return str(gates.count_of(name))


def make():
    config = MinimalApplicationConfigurator()
    config.update_blueprint({"root_controller": RootController()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return config.make_wsgi_app()


application = make()
