"""Form, MaskTools and Tools where they are not 0.10's: values that would break out, state of one request."""

from __future__ import annotations

import threading

import pytest

from tests.cherrypy.lib_kit import App

FORM = """\
use Form
CherryClass Root(Form):
function:
    def __init__(self):
        self.fieldList = [FormField('N', 'n', 'TYPE', mandatory=1, defaultValue='<b>d</b>', optionList=['a'])]
view:
    def index(self):
        return self.formView()
    def postForm(self, **kw):
        return repr(self.validateForm()) + self.formView(1)
    def again(self, **kw):
        return self.formView(1)
"""
BOX = """\
use MaskTools
CherryClass Root:
view:
    def index(self, text):
        return maskTools.textInBox(text) + maskTools.prettyMap({'a': {'b': 1}})
CherryClass My(MaskTools):
function:
    def who(self):
        return 'my'
"""
NASTY = "\"><script>&amp;</TextArea >'"


def form(tmp_path, kind):
    return App(tmp_path, FORM.replace("TYPE", kind))


@pytest.mark.parametrize("kind, cell", [
    ("text", "<td><input name=\"n\" type=text value=\"&quot;><script>&amp;</TextArea >'\" size=15></td>"),
    ("password", "<td><input name=\"n\" type=password value=\"&quot;><script>&amp;</TextArea >'\"></td>"),
    ("hidden", "<input name=\"n\" type=hidden value=\"&quot;><script>&amp;</TextArea >'\">"),
    ("textarea", "<textarea name=\"n\" rows=\"15\" cols=\"15\">\"><script>&amp;&lt;/TextArea >'</textarea>"),
    ("forced", "<td><input name=\"n\" type=hidden value=\"&quot;><script>&amp;</TextArea >'\">"
               "\"&gt;&lt;script&gt;&amp;&lt;/TextArea &gt;'</td>"),
])  # fmt: skip
def test_a_value_cannot_leave_its_place(tmp_path, kind, cell):
    assert cell in form(tmp_path, kind).get("/postForm", form="n=" + NASTY.replace("&", "%26")).body


def test_a_default_may_be_markup(tmp_path):
    assert '<input name="n" type=hidden value="<b>d</b>"><b>d</b></td>' in form(tmp_path, "forced").get("/").body


def test_errors_and_values_are_those_of_one_request(tmp_path):
    app = form(tmp_path, "text")
    assert app.get("/postForm", form="n=").body.startswith("0<form")
    assert "Missing" not in app.get("/again?n=x").body
    field = app.names["root"].fieldList[0]
    assert (field.currentValue, field.errorMessage) == ("", "")


def test_requests_of_two_threads_do_not_mix(tmp_path):
    app = form(tmp_path, "text")
    field = app.names["root"].fieldList[0]
    pages = []

    def validate(value):
        other = threading.Thread(target=lambda: pages.append(app.get("/postForm", form="n=").body))
        field.validate = None
        other.start()
        other.join()
        return "odd: " + value

    field.validate = validate
    page = app.get("/postForm", form="n=x").body
    assert "<font color=red>odd: x</font>" in page and 'value="x"' in page
    assert "<font color=red>Missing</font>" in pages[0]


def test_what_init_gives_a_field_every_request_begins_with(tmp_path):
    source = FORM.replace("TYPE", "text") + "    def first(self):\n        return self.fieldList[0].errorMessage\n"
    line = "optionList=['a'])]\n"
    app = App(tmp_path, source.replace(line, line + "        self.fieldList[0].errorMessage = 'hint'\n"))
    assert [app.get(target).body[-4:] for target in ("/first", "/postForm?n=x", "/first")] == ["hint", "orm>", "hint"]


def test_a_box_holds_markup_of_the_application(tmp_path):
    assert '<td bgColor="white"><b>x</b></td>' in App(tmp_path, BOX).get("/?text=<b>x</b>").body


@pytest.mark.parametrize("path", ["/maskTools/textInBox", "/my/textInBox"])
def test_a_box_asked_for_by_url_does_not(tmp_path, path):
    page = App(tmp_path, BOX).get(path + '?text=<b>x</b>&boxColor="><i>').body
    assert "&lt;b&gt;x&lt;/b&gt;</td>" in page
    assert 'bgColor="&quot;&gt;&lt;i&gt;"' in page


def test_zip_codes_begin_at_01000(tmp_path):
    app = App(tmp_path, "use FrenchTools\nCherryClass Root:\nview:\n    def index(self, z):\n"
                        "        return repr(frenchTools.validateZipCode(z))\n")  # fmt: skip
    assert [app.get("/?z=" + code).body for code in ("00999", "01000", "98999")] == ["'Wrong zipCode'", "None", "None"]


def test_all_special_characters_are_there(tmp_path):
    app = App(tmp_path, "use SpecialCharacter\nCherryClass Root:\nview:\n    def index(self):\n        return repr("
                        "(len(specialCharacter.specialCharacterList), specialCharacter.toRendering("
                        "'&laquo;&#xBB;&not;\\\\182&reg;')))\n")  # fmt: skip
    assert app.get("/").body == "(95, '\"\"\\xae')"


def test_a_textarea_may_hold_a_script(tmp_path):
    source = "use Tools\nCherryClass Root:\nview:\n    def index(self, t):\n        return tools.compressHtml(t)\n"
    app = App(tmp_path, source)
    page = app.get("/?t=a  <textarea>  <script>  </script>  </textarea>  b <script>  never closed").body
    assert page == "a\n<textarea>  <script>  </script>  </textarea>\nb\n<script>  never closed\n"


def test_the_forum_says_what_it_needed(tmp_path):
    with pytest.raises(ImportError, match="CherryObjectsWeb and CherryObjectsZODB"):
        App(tmp_path, "use CherryForum\nCherryClass Root:\nview:\n    def index(self):\n        return ''\n")
