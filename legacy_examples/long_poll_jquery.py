"""The page of the json_yield article, with jQuery.

Room: 3.4 Push and wait. 2010, the page of that article
Goal: the long poll as its author polled it: $.getJSON, and setTimeout for the next one. jQuery is not
      part of rawwfile: put its file beside this one as jquery.js, or set the environment variable
      JQUERY to the address of one; the page says so if it finds none.
Run:  python3 -m rawwfile serve legacy_examples/long_poll_jquery.py
Try:  curl "http://127.0.0.1:8000/prime?key=1"
Look: in a browser each number takes the place of the last. The key stands in the page, so a second
      tab gets every other number: as published, keys are for the client to choose.
"""

import html
import os
from pathlib import Path

from rawwfile import NotFound, expose, json_yield, quickstart

INDEX_HTML = """<!DOCTYPE html>
<html>
<head>
<title>Prime numbers</title>
<script src="%s"></script>
<script>
if (!window.jQuery) onload = function() {
  document.getElementById('status').textContent = 'jQuery is missing: put jquery.js beside long_poll_jquery.py'
}
else $(function() {
  function update() {
    $.getJSON('prime?key=1', {}, function(data) {
      if (data.state != 'done') {
        $('#status').text(data.content);
        //// alternative for appending:
        // $('#status').append($('<div>').text(data.content));
        setTimeout(update, 0);
      }
    });
  }
  update();
});
</script>
</head>
<body>
<div id="status"></div>
</body>
</html>
"""


class Root:
    @expose
    def index(self):
        return INDEX_HTML % html.escape(os.environ.get("JQUERY", "jquery.js"))

    @expose(content_type="text/javascript")
    def jquery_js(self):
        try:
            return Path(__file__).with_name("jquery.js").read_bytes()
        except FileNotFoundError:
            raise NotFound("there is no jquery.js beside the example") from None

    @json_yield
    def prime(self):
        probe = 1
        while True:
            probe += 2
            if all(probe % i for i in range(2, probe)):
                yield probe


root = Root()

if __name__ == "__main__":
    quickstart(root)
