"""The standard modules of CherryPy 0.10, written anew (spec 17): `use Form`, `use Mail` and so on.

The `.cpy` files are found after the folder of the application and its -I folders, so an application
that brings its own Form.cpy gets its own. They are written in what Python 2 and Python 3 read alike.
What needs more than that stands in the Python files here:

    perrequest.py   attributes of shared instances that hold one value for each request
    markup.py       values in pages: only what would break out of its place is escaped
    logins.py       credentials, signed login cookies, where a login may lead back to
    mails.py        messages and their way to an SMTP server
    databases.py    today's drivers behind the old calls
"""
