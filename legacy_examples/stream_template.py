"""Flask's manual: a page that is sent while its template is rendered, and a table that is never whole.

Room: 5.2 Today. 2022, Flask 2.2
Goal: Response(generate(), mimetype=...) and a template of Jinja2, as in Flask's page on streaming.
Run:  python3 -m rawwfile serve legacy_examples/stream_template.py
Try:  curl -N http://127.0.0.1:8000/large.csv
Look: the page at / fills while it is made, five pieces of the template at a time; it needs Jinja2
      (pip install Jinja2).
"""

from rawwfile import Response, expose, quickstart, stream, stream_template_string, stream_with_context

PAGE = """\
<!DOCTYPE html>
<title>Rows as they come</title>
<p>Squares for {{ request.remote_addr }}:
<ul>
{% for row in rows %}<li>{{ row }}
{% endfor %}</ul>
"""


class Root:
    @expose
    def index(self):
        page = stream_template_string(PAGE, rows=self.rows(30, pause=0.1))
        page.enable_buffering(5)
        return page

    @expose
    def large_csv(self):
        def generate():
            yield "number,square\n"
            for row in self.rows(1000):
                yield row + "\n"

        # The wrapper does nothing here: a generator keeps its request by itself.
        return Response(stream_with_context(generate()), mimetype="text/csv")

    def rows(self, count, pause=0):
        for number in range(1, count + 1):
            yield f"{number},{number * number}"
            if pause:
                stream.sleep(pause)  # unlike time.sleep it ends when the client leaves


root = Root()

if __name__ == "__main__":
    quickstart(root)
