"""A Starlette application that streams, for the ASGI bridge."""

import asyncio
import contextlib

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from tests.frameworks import gates


async def wait_at(name):
    """As gates.wait_at, without blocking the loop."""
    await asyncio.to_thread(gates.wait_at, name)


def text(pieces, **options):
    return StreamingResponse(pieces, media_type="text/plain", **options)


async def stream(request):
    async def pieces():
        try:
            gates.leaking.set("in the stream")
            yield "one"
            await wait_at("stream")
            yield "two"
        finally:
            gates.note("stream")

    return text(pieces(), background=BackgroundTask(gates.note, "background"))


async def sync_stream(request):
    def pieces():
        yield "one"
        gates.wait_at("stream")
        yield "two"

    return text(pieces())


async def endless(request):
    async def pieces():
        try:
            while True:
                yield "x" * 1000
        finally:
            gates.note("endless")

    return text(pieces())


async def blocked(request):
    async def pieces():
        try:
            yield "one"
            await asyncio.Event().wait()
        finally:
            gates.note("blocked")

    return text(pieces())


async def early(request):
    async def pieces():
        if True:
            raise ValueError("early")
        yield "never"

    return text(pieces())


async def late(request):
    async def pieces():
        yield "one"
        raise ValueError("late")

    return text(pieces())


async def context(request):
    async def pieces():
        yield request.url.path + " "
        yield request.query_params["name"]

    return text(pieces())


async def left_behind(request):
    return PlainTextResponse(f"{gates.leaking.get()} {request.state.started}")


async def echo(request):
    return PlainTextResponse(await request.body())


async def open_gate(request):
    return PlainTextResponse(gates.open_gate(request.query_params["name"]))


async def count(request):
    name = request.query_params["name"]
    return PlainTextResponse(str(await asyncio.to_thread(gates.count_of, name)))


@contextlib.asynccontextmanager
async def lifespan(app):
    gates.note("startup")
    yield {"started": "started"}
    gates.note("shutdown")


application = Starlette(
    routes=[
        Route("/stream", stream),
        Route("/sync_stream", sync_stream),
        Route("/endless", endless),
        Route("/blocked", blocked),
        Route("/early", early),
        Route("/late", late),
        Route("/context", context),
        Route("/left_behind", left_behind),
        Route("/echo", echo, methods=["POST"]),
        Route("/open", open_gate),
        Route("/count", count),
    ],
    lifespan=lifespan,
)
