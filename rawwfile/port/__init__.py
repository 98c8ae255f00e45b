"""Applications of CherryPy 0.10 to Python 3 packages that a person can maintain.

    package.py     all of it: `port(["Root.cpy"], ...)` to files and a report
    plan.py        modules, classes, shared names;  own.py  Python modules beside the sources
    classes.py     a class as lines of code;  weaving.py  its aspects;  lookup.py  order of parents
    pages.py       masks and templates as files;  tags.py  the code in them
    comments.py    which comment belongs where;  rows.py  lines that know where they came from
    names.py       what a module knows of names of others;  imports.py, unbound.py, python3.py
    shared.py      __init__.py, site.py, ruff.toml;  output.py  writing it all;  report.py
    code.py        Python 2 text to Python 3 text, and what that needs: everything else here

The layout writes each module once as Python 2 text; `code.convert` makes it Python 3.
"""
