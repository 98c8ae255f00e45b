"""Text of Python 2.1 to 2.7 to a syntax tree, by fissix's tokenizer and parser over a grammar of ours.

The grammar has the age of the sources: `as`, `with`, `async`, `await`, `nonlocal`, `None`, `True` and
`False` are ordinary names. A text that does not fit it is tried once more with the `with` statement
of 2.5 and later, where `with` and `as` are keywords.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

from rawwfile.errors import StartError

GRAMMAR = """
file_input: (NEWLINE | stmt)* ENDMARKER
eval_input: testlist NEWLINE* ENDMARKER
decorator: '@' dotted_name ['(' [arglist] ')'] NEWLINE
decorators: decorator+
decorated: decorators (classdef | funcdef)
funcdef: 'def' NAME parameters ':' suite
parameters: '(' [varargslist] ')'
varargslist: ((fpdef ['=' test] ',')* ('*' NAME [',' '**' NAME] | '**' NAME) |
              fpdef ['=' test] (',' fpdef ['=' test])* [','])
fpdef: NAME | '(' fplist ')'
fplist: fpdef (',' fpdef)* [',']
stmt: simple_stmt | compound_stmt
simple_stmt: small_stmt (';' small_stmt)* [';'] NEWLINE
small_stmt: (expr_stmt | print_stmt | del_stmt | 'pass' | 'break' | 'continue' | return_stmt |
             raise_stmt | yield_expr | import_name | import_from | global_stmt | exec_stmt | assert_stmt)
expr_stmt: testlist (augassign (yield_expr | testlist) | ('=' (yield_expr | testlist))*)
augassign: ('+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=' | '**=' | '//=')
print_stmt: 'print' [test (',' test)* [','] | '>>' test [(',' test)+ [',']]]
del_stmt: 'del' exprlist
return_stmt: 'return' [testlist]
raise_stmt: 'raise' [test [',' test [',' test]]]
import_name: 'import' dotted_as_name (',' dotted_as_name)*
import_from: 'from' ('.'* dotted_name | '.'+) 'import' ('*' | '(' import_as_names ')' | import_as_names)
import_as_name: NAME [AS NAME]
dotted_as_name: dotted_name [AS NAME]
import_as_names: import_as_name (',' import_as_name)* [',']
dotted_name: NAME ('.' NAME)*
global_stmt: 'global' NAME (',' NAME)*
exec_stmt: 'exec' expr ['in' test [',' test]]
assert_stmt: 'assert' test [',' test]
compound_stmt: if_stmt | while_stmt | for_stmt | try_stmt | funcdef | classdef | decorated WITH
if_stmt: 'if' test ':' suite ('elif' test ':' suite)* ['else' ':' suite]
while_stmt: 'while' test ':' suite ['else' ':' suite]
for_stmt: 'for' exprlist 'in' testlist ':' suite ['else' ':' suite]
try_stmt: 'try' ':' suite ((except_clause ':' suite)+ ['else' ':' suite] ['finally' ':' suite] |
           'finally' ':' suite)
except_clause: 'except' [test [(',' | AS) test]]
suite: simple_stmt | NEWLINE INDENT stmt+ DEDENT
testlist_safe: old_test [(',' old_test)+ [',']]
old_test: or_test | old_lambdef
old_lambdef: 'lambda' [varargslist] ':' old_test
test: or_test ['if' or_test 'else' test] | lambdef
or_test: and_test ('or' and_test)*
and_test: not_test ('and' not_test)*
not_test: 'not' not_test | comparison
comparison: expr (comp_op expr)*
comp_op: '<'|'>'|'=='|'>='|'<='|'<>'|'!='|'in'|'not' 'in'|'is'|'is' 'not'
expr: xor_expr ('|' xor_expr)*
xor_expr: and_expr ('^' and_expr)*
and_expr: shift_expr ('&' shift_expr)*
shift_expr: arith_expr (('<<'|'>>') arith_expr)*
arith_expr: term (('+'|'-') term)*
term: factor (('*'|'/'|'%'|'//') factor)*
factor: ('+'|'-'|'~') factor | power
power: atom trailer* ['**' factor]
atom: ('(' [yield_expr | testlist_gexp] ')' | '[' [listmaker] ']' | '{' [dictsetmaker] '}' |
       '`' testlist1 '`' | NAME | NUMBER | STRING+ | '.' '.' '.')
listmaker: test (list_for | (',' test)* [','])
testlist_gexp: test (gen_for | (',' test)* [','])
lambdef: 'lambda' [varargslist] ':' test
trailer: '(' [arglist] ')' | '[' subscriptlist ']' | '.' NAME
subscriptlist: subscript (',' subscript)* [',']
subscript: test | [test] ':' [test] [sliceop]
sliceop: ':' [test]
exprlist: expr (',' expr)* [',']
testlist: test (',' test)* [',']
testlist1: test (',' test)*
dictsetmaker: test ((':' test (gen_for | (',' test ':' test)* [','])) | (gen_for | (',' test)* [',']))
classdef: 'class' NAME ['(' [testlist] ')'] ':' suite
arglist: argument (',' argument)* [',']
argument: test [gen_for] | test '=' test | '**' test | '*' test
list_iter: list_for | list_if
list_for: 'for' exprlist 'in' testlist_safe [list_iter]
list_if: 'if' old_test [list_iter]
gen_iter: gen_for | gen_if
gen_for: 'for' exprlist 'in' or_test [gen_iter]
gen_if: 'if' old_test [gen_iter]
yield_expr: 'yield' [testlist]
"""
WITH_STATEMENT = """
with_stmt: 'with' with_item (',' with_item)* ':' suite
with_item: test ['as' expr]
"""


class OldSyntaxError(Exception):
    """The text is no Python 2. message; line from 1 and column from 0, in the text.

    is_character: whether one character there, known only roughly, belongs to no Python.
    """

    is_character = False

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class MissingFissix(StartError, ImportError):
    """fissix, which reads Python 2 syntax, is not installed."""


@cache
def grammar_tables(with_statement: bool) -> Any:
    """Return fissix's tables for our grammar, with or without the `with` statement.

    Raises MissingFissix where the extra is not installed.
    """
    try:
        from fissix.pgen2 import pgen  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingFissix(
            "Python 2 source needs the package fissix. Install it with: pip install 'rawwfile[cpy]'"
        ) from error
    text = GRAMMAR.replace("AS", "'as'" if with_statement else "NAME")
    text = text.replace("decorated WITH", "decorated | with_stmt" if with_statement else "decorated")
    text += WITH_STATEMENT if with_statement else ""
    return pgen.ParserGenerator("<grammar>", io.StringIO(text)).make_grammar()


def parse(text: str, start: str = "file_input") -> tuple[Any, Any]:
    """Return (tree, tables): the tree's root node and the grammar that names its symbols.

    start: "file_input" for statements or "eval_input" for an expression.
    Raises OldSyntaxError for the place where the text stops being Python 2.
    """
    try:
        tables = grammar_tables(False)
        return _parsed(text, tables, start), tables
    except OldSyntaxError as error:
        try:
            tables = grammar_tables(True)
            return _parsed(text, tables, start), tables
        except OldSyntaxError:
            raise error from None


def _parsed(text: str, tables: Any, start: str) -> Any:
    from fissix import pytree  # type: ignore[import-untyped]
    from fissix.pgen2 import grammar, token, tokenize
    from fissix.pgen2 import parse as pgen_parse

    parser = pgen_parse.Parser(tables, pytree.convert)
    parser.setup(start=tables.symbol2number[start])
    place = (1, 0)
    try:
        for kind, value, place, _, _ in tokenize.generate_tokens(io.StringIO(text).readline):
            if kind in (tokenize.COMMENT, tokenize.NL):
                continue
            if kind == token.OP:
                kind = grammar.opmap[value]
            elif kind in (token.ASYNC, token.AWAIT):
                kind = token.NAME
            elif kind == token.STRING and "f" in value[: re.search("['\"]", value).start()].lower():  # type: ignore[union-attr]
                raise OldSyntaxError("f-strings are Python 3.6 and later; write '...' % values", *place)
            if parser.addtoken(kind, value, ("", place)):
                return parser.rootnode
    except pgen_parse.ParseError as error:
        raise _refusal(error, token) from None
    except tokenize.TokenError as error:
        message, (line, column) = error.args
        raise OldSyntaxError(message, line, column) from None
    except IndentationError as error:
        _, line, column, _ = error.args[1]
        raise OldSyntaxError(error.args[0], line, column) from None
    raise OldSyntaxError("unexpected end of the source", *place)


def _refusal(error: Any, token: Any) -> OldSyntaxError:
    """Return our error for one of fissix's parser."""
    line, column = error.context[1]
    value = (error.value or "").strip()
    if error.type == token.INDENT:
        return OldSyntaxError("unexpected indent", line, len(error.value))
    where = repr(value) if value else "the end of the line"
    made = OldSyntaxError(f"invalid syntax at {where}", line, column)
    made.is_character = error.type == token.ERRORTOKEN
    return made
