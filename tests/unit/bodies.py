"""Applications of one body, to be run with `wire.answer`."""

from __future__ import annotations


def streamed(body):
    """An application that streams `body()`."""

    def application(exchange):
        exchange.response.stream = True
        exchange.response.body = body()

    return application


def returning(function):
    """An application whose body is what `function` returns."""

    def application(exchange):
        exchange.response.body = function()

    return application
