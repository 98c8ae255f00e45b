"""A Flask 3 application with the patterns of its manual, "Streaming Contents"."""

from flask import Flask, Response, abort, g, has_request_context, request, stream_template, stream_with_context
from jinja2 import DictLoader

from tests.frameworks import gates

application = app = Flask(__name__)
app.jinja_loader = DictLoader(
    {
        "rows.html": "<ul>\n{% for row in rows %}<li>{{ row }}\n{% endfor %}</ul>",
    }
)


@app.teardown_request
def note_teardown(error):
    gates.note(f"teardown of {request.path}")


@app.route("/large.csv")
def generate_large_csv():
    def generate():
        for row in ("1", "a"), ("2", "b"):
            yield ",".join(row) + "\n"
            gates.wait_at(f"row {row[0]}")

    return Response(generate(), mimetype="text/csv")


@app.route("/stream")
def stream():
    return Response(gates.two_pieces(), mimetype="text/plain")


@app.route("/endless")
def endless():
    response = Response(gates.endless_pieces(), mimetype="text/plain")
    response.call_on_close(lambda: gates.note("close of endless"))
    return response


@app.route("/early")
def early():
    return Response(gates.failing_pieces(), mimetype="text/plain")


@app.route("/late")
def late():
    return Response(gates.failing_pieces("one"), mimetype="text/plain")


@app.route("/context")
def context():
    def generate():
        try:
            yield request.path + " "
            yield request.args["name"]
        finally:
            gates.note("context" if has_request_context() else "no context")

    return Response(stream_with_context(generate()))


def rows(count):
    for number in range(count):
        yield number
        if number % 5 == 4:
            gates.wait_at(f"row {number}")


def stream_a_template(template_name, **context):
    """The manual's: "Streaming from Templates"."""
    app.update_template_context(context)
    template = app.jinja_env.get_template(template_name)
    stream = template.stream(context)
    stream.enable_buffering(5)
    return stream


@app.route("/template")
def by_the_manual():
    return Response(stream_a_template("rows.html", rows=rows(12)))


@app.route("/stream_template")
def by_flask():
    return Response(stream_template("rows.html", rows=rows(12)))


@app.route("/forbidden")
def forbidden():
    abort(403)


@app.route("/left_behind")
def left_behind():
    gone = getattr(g, "kept", "nothing")
    g.kept = "something"
    return f"{gates.leaking.get()} {gone}"


@app.route("/open")
def open_gate():
    return gates.open_gate(request.args["name"])


@app.route("/count")
def count():
    return str(gates.count_of(request.args["name"]))
