"""The standard modules themselves: read alike by Python 2 and Python 3, short, and complete (spec 17)."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

import rawwfile.cherrypy.lib
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.generate import compile_program
from rawwfile.cpy.modules import load_modules
from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.template import compile_mask

LIBRARY = Path(rawwfile.cherrypy.lib.__file__).parent
MODULES = sorted(path.name for path in LIBRARY.glob("*.cpy"))
# Signatures of spec 17: what an application calls, or defines again in a class of its own.
INTERFACE = {
    "Tools": "compressHtml getAttribute validateEmail getLabelWithCount getNow escapeHtml",
    "MaskTools": "xData x displayByColumn displayByLine textInBox sortedKeys prettyMap",
    "HttpAuthenticate": "getPasswordListForLogin unauthorized",
    "CookieAuthenticate": "getPasswordListForLogin whoIsLoggedIn doLogin doLogout logoutScreen loginScreen",
    "CookieSessionAuthenticate": "checkLoginAndPassword whoIsLoggedIn doLogin doLogout logoutScreen loginScreen",
    "Form": "formView validateForm validateFields setFieldErrorMessage getFieldOptionList getFieldDefaultValue "
    "setFieldDefaultValue getFieldNameList",
    "FormField": "render",
    "FormSeparator": "render",
    "DefaultFormMask": "defaultMask hiddenMask defaultHeader defaultFooter echoMask",
    "Mail": "sendMail sendHtmlMail createhtmlmail",
    "MySql": "openConnection query",
    "PostGres": "openConnection query",
    "DCOracleFull": "DBConnect ExecSQL SVExecSQL DeleteSQL InsertSQL UpdateSQL",
    "FrenchTools": "getDate formatDateForDay getNow getNowMinus validateBirthDate validateZipCode "
    "strToFloat floatToStr",
    "SpecialCharacter": "toRendering",
}
ABSTRACT = (
    "CookieAuthenticate CookieSessionAuthenticate DCOracleFull Form FormField FormSeparator HttpAuthenticate Mail "
    "MySql PostGres"
)


def compiled(name, dialect):
    files = SourceFiles("", library=[str(LIBRARY)])
    translate = Translator(dialect)
    return compile_program(
        load_modules([name], files),
        translate=translate,
        mask=functools.partial(compile_mask, translate=translate),
        include=files.template,
    )


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("dialect", ["2", "3"])
def test_a_module_compiles_in_both_languages(name, dialect):
    assert compiled(name, dialect).units


def test_all_classes_and_methods_are_there():
    tables = {name: table for each in MODULES for name, table in compiled(each, "3").classes.items()}
    assert sorted(tables) == sorted(INTERFACE)
    for name, methods in INTERFACE.items():
        assert all(map(tables[name].defines, methods.split())), name
    assert {name for name, table in tables.items() if table.abstract} == set(ABSTRACT.split())


def test_urls_are_those_of_the_spec():
    tables = compiled("MaskTools.cpy", "3").classes
    assert sorted(tables["MaskTools"].exposed) == ["prettyMap", "textInBox", "xData"]
    assert tables["Tools"].exposed == {}


@pytest.mark.parametrize("name", MODULES)
def test_sources_are_plain_ascii(name):
    assert (LIBRARY / name).read_bytes().isascii()
