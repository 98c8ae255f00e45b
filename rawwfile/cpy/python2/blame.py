"""What to say of text that is no Python 2: the message, the place, and what to write instead."""

from __future__ import annotations

import re

from rawwfile.cpy.python2.syntax import OldSyntaxError
from rawwfile.cpy.quiet import quietly
from rawwfile.cpy.syntax import parsed

# Messages of Python's own parser that are about what both Pythons have.
_ANYWHERE = re.compile("was never closed|unterminated|unmatched|does not match opening|EOF in multi")
_SAME_LINE = re.compile(
    "expected ':'|expected an indented block|unindent does not match|unexpected indent|unexpected unindent|"
    "expected 'except' or|Maybe you meant|cannot assign|cannot delete|leading zeros|invalid character|"
    "invalid decimal literal|invalid hexadecimal|invalid digit|expression cannot contain|positional argument follows|"
    "Generator expression must|perhaps you forgot|non-default argument|without a default|invalid non-printable"
)
_OLD_WORDS = re.compile(r"Missing parentheses|print\(|exec\(|raise [A-Z]\w*\(|multiple exception types")
_HINTS = [
    (r"`", "close the backtick, or write repr(...)"),
    (r"unindent does not match", "give the line the indentation of the lines that it belongs to"),
    (r"unexpected indent", "take away blanks: the line above opens no block"),
    (r"expected an indented block", "indent the line below by one more level, or write pass there"),
    (r"unterminated triple|EOF in multi", "close the string with the three quotes that it began with"),
    (r"unterminated", "close the string on its own line, or write it in triple quotes"),
    (r"was never closed", "write the closing bracket, here or on one of the lines below"),
    (r"unmatched|does not match opening", "each closing bracket needs its opening one before it"),
    (r"expected ':'", "end the line with ':'"),
    (r"expected 'except' or", "write except: or finally: below the block of try:"),
    (r"'='", "write == to compare; an assignment is a statement of its own"),
    (r"'&'|'\|'", "write and, or"),
    (r"'!'", "write not"),
    (r"not complete$", "write what is missing before the closing quote"),
    (r"end of the line", "the line is not complete: write what is missing, or end it with '\\' to go on below"),
    (r"cannot assign", "on the left of = stands a name, an attribute or an element"),
    (r"octal|leading zeros", "a number that begins with 0 is octal: leave the 0 out for a decimal one"),
    (r"escape", "double the backslash for a backslash that is meant as such"),
]  # fmt: skip
_BRACKET = re.compile(
    r"""'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\#[^\n]*|[(\[{)\]}]""",
    re.DOTALL,
)
_LINES = re.compile(r" on line \d+| \(detected at line \d+\)")  # these count from the piece's first line
_ANY_HINT = "write this as Python 2 wants it; the error may begin on the line above"


def blame(text: str, mode: str, error: OldSyntaxError) -> tuple[str, int, int, str]:
    """Return (message, row from 1, column from 0, hint) for `text`, where fissix raised `error`."""
    told = _of_expression(text, error) if mode == "eval" else _of_bracket(text, error)
    message, row, column = told or _of_parsers(text, mode, error)
    hint = hint_for(message)
    # Python 3's proposals (`:=`) are none for Python 2.
    message = _LINES.sub("", message).partition(". Maybe you meant")[0]
    return message, row, column, hint


def _of_expression(text: str, error: OldSyntaxError) -> tuple[str, int, int] | None:
    """Tell what is wrong about the brackets or the end of an expression, which has ours around it."""
    extra, opened = _extra_bracket(text), _open_bracket(" " + text[1:-1])
    if extra:
        return f"unmatched {extra[0]!r}", extra[1], extra[2]
    if opened:
        return f"{opened[0]!r} was never closed", opened[1], opened[2]
    rows = text.split("\n")
    if error.line >= len(rows):
        return "the expression is not complete", len(rows) - 1, len(rows[-2])
    return None


def _of_bracket(text: str, error: OldSyntaxError) -> tuple[str, int, int] | None:
    opened = _open_bracket(text)
    if opened and opened[1] < error.line:
        return f"{opened[0]!r} was never closed", opened[1], opened[2]
    return None


def _of_parsers(text: str, mode: str, error: OldSyntaxError) -> tuple[str, int, int]:
    """Choose between what fissix says and what Python's own parser, whose words are better."""
    own = _own_error(text, mode)
    if own is not None and own.lineno and not _OLD_WORDS.search(own.msg):
        if _ANYWHERE.search(own.msg) or (own.lineno == error.line and _SAME_LINE.search(own.msg)):
            return own.msg, own.lineno, max((own.offset or 1) - 1, 0)
    if error.is_character:
        rest = text.split("\n")[error.line - 1][error.column :]
        column = error.column + len(rest) - len(rest.lstrip())
        return f"invalid syntax at {rest.lstrip()[:1]!r}", error.line, column
    return error.message, error.line, error.column


def _open_bracket(text: str) -> tuple[str, int, int] | None:
    """Return the last bracket that is opened and not closed: it, its row from 1 and column from 0."""
    waiting: list[re.Match[str]] = []
    for found in _BRACKET.finditer(text):
        if found.group() in "([{":
            waiting.append(found)
        elif found.group() in ")]}" and waiting:
            waiting.pop()
    if not waiting:
        return None
    before = text[: waiting[-1].start()]
    return waiting[-1].group(), before.count("\n") + 1, len(before.rpartition("\n")[2])


def _extra_bracket(text: str) -> tuple[str, int, int] | None:
    """Return the bracket that closes the one put around an expression, when another follows."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += (found.group() in "([{") - (found.group() in ")]}")
        if depth == 0 and found.group() in ")]}" and found.end() < len(text):
            before = text[: found.start()]
            return found.group(), before.count("\n") + 1, len(before.rpartition("\n")[2])
    return None


def hint_for(message: str) -> str:
    """Return what to write instead, for a message of a parser."""
    return next((hint for pattern, hint in _HINTS if re.search(pattern, message)), _ANY_HINT)


def _own_error(text: str, mode: str) -> SyntaxError | None:
    """Return what Python 3's parser says against a text."""
    try:
        with quietly():
            parsed(text, mode)
    except SyntaxError as error:
        return error
    except ValueError:
        pass
    return None
