"""Long polls made from generators: the `json_yield` of a 2010 article, with its admitted gaps closed.

    options.py      what one handler, and all together, may use
    wishes.py       what a poll says: key, ack, close, restart, wait
    polling.py      from a request to its answer
    registry.py     all streams: found, counted, ended when their time is up
    stream.py       one stream: its answers, its end
    turns.py        one poll after the other
    sources.py      the generator, on demand or in a thread of its own
    standin.py      the exchange that the generator sees
    answers.py      the JSON of an answer
    transports.py   the same as server-sent events or lines of JSON
    client.js       the client, a page of json_yield

Source: streaming contract, section 7.
"""

from rawwfile.streaming.longpoll.decorator import JsonYield, json_yield
from rawwfile.streaming.longpoll.options import Limits, Options
from rawwfile.streaming.longpoll.registry import StreamInfo
from rawwfile.streaming.longpoll.sources import NOTHING
from rawwfile.streaming.longpoll.standin import current_poll

__all__ = ["NOTHING", "JsonYield", "Limits", "Options", "StreamInfo", "current_poll", "json_yield"]
