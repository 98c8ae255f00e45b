"""The `.cpy` language of CherryPy 0.10: sources in, Python 3 code and tables out (spec 1, 2, 4, 8).

    source.py     bytes to lines that know where each character came from
    files.py      the one place that reads files; the search path
    headers.py    class, method and aspect headers;  parser.py  one file to a `tree.Module`
    modules.py    all files of an application, in the order in which they count
    exposure.py   which names a URL or an XML-RPC call reaches
    aspects.py    which code is woven into which method
    specials.py   imports and special functions;  generate.py  everything to a `program.Program`
    pieces.py     file names of code that was woven in from another file
    classic.py    CherryClasses as classes of Python 2
    quiet.py      parsing without today's warnings
    errors.py     `CpyError`: file, line, column, the line, what to write instead

    files = SourceFiles(include=["inc"], library=[...], indent=4)
    translate = python2.Translator("auto")
    program = compile_program(
        load_modules(["Root.cpy"], files),
        translate=translate,
        mask=functools.partial(template.compile_mask, translate=translate),
        include=files.template,
        original=files.original,
    )

`files.charset` then says how text was read: None for one character a byte, else the encoding of the
option or of the first file's coding line. What a run time then does is told at `program.Program`.
Nothing here opens a socket, starts a thread or reads the clock; the rooms `template` and `python2`
are handed in, so that each stands alone.
"""
