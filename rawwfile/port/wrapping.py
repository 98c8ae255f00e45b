"""Breaks a line that is too long at its brackets, or at its operators inside new parentheses."""

from __future__ import annotations

import tokenize

from rawwfile.port.spacing import CLOSING, OPENING, Token, spaced

WIDTH = 120
OPERATORS = (("or",), ("and",), ("+", "-"))
Spaced = list[tuple[str, Token]]
"""Tokens with the blanks in front of each."""


def text_of(tokens: Spaced) -> str:
    """Return the tokens on one line."""
    return "".join(blank + token.text for blank, token in tokens).lstrip(" ")


def wrapped(line: list[Token], level: int) -> str:
    """Return the line broken so that it fits, where it can be; without its own indentation."""
    tokens = spaced(line)
    head, value, tail = parts_of(tokens)
    pieces = split_at_operators(value) if value and not is_list(value) else []
    if len(pieces) < 2 and value and not is_list(value) and len(fit(tokens, level).split("\n")[0]) + 4 * level > WIDTH:
        pieces = split_at_calls(value)
    if len(pieces) > 1:
        return f"{text_of(head)} (\n{stacked(pieces, level + 1)}\n{'    ' * level}){text_of(tail)}"
    return fit(tokens, level)


def stacked(pieces: list[Spaced], level: int) -> str:
    """Return the pieces, each on a line of its own."""
    return "\n".join("    " * level + fit(piece, level) for piece in pieces)


def parts_of(tokens: Spaced) -> tuple[Spaced, Spaced, Spaced]:
    """Return what stands in front of the value of a statement, the value, and what stands behind it."""
    first = tokens[0][1].text
    if first in ("return", "assert"):
        return tokens[:1], tokens[1:], []
    if first in ("if", "elif", "while") and tokens[-1][1].text == ":":
        return tokens[:1], tokens[1:-1], tokens[-1:]
    for place, (token, depth) in enumerate(depths(tokens)):
        if not depth and token.kind == tokenize.OP and token.text in ("=", "+="):
            return tokens[: place + 1], tokens[place + 1 :], []
    return tokens, [], []


def is_list(tokens: Spaced) -> bool:
    """Whether parentheses around the value would mean another thing, or it is no sum."""
    return any(
        token.text in (",", "lambda", "if", "for", "yield", "=") and not depth and token.kind != tokenize.STRING
        for token, depth in depths(tokens)
    )


def depths(tokens: Spaced) -> list[tuple[Token, int]]:
    """Return each token with the number of brackets around it."""
    made, depth = [], 0
    for _, token in tokens:
        is_operator = token.kind == tokenize.OP
        depth -= is_operator and token.text in CLOSING
        made.append((token, depth))
        depth += is_operator and token.text in OPENING
    return made


def split_at_operators(tokens: Spaced) -> list[Spaced]:
    """Return the value in pieces, each but the first beginning with an operator of the loosest kind."""
    marked = depths(tokens)
    for operators in OPERATORS:
        places = [
            place
            for place, (token, depth) in enumerate(marked)
            if place and not depth and token.text in operators and not token.unary and token.kind != tokenize.STRING
        ]
        if places:
            bounds = [0, *places, len(tokens)]
            return [tokens[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]
    return [tokens]


def split_at_calls(tokens: Spaced) -> list[Spaced]:
    """Return `a.b(c).d(e)` in pieces that begin with a dot, where at least two calls follow each other."""
    marked = depths(tokens)
    places = [
        place
        for place, (token, depth) in enumerate(marked)
        if place and not depth and token.text == "." and marked[place - 1][0].text == ")"
    ]
    bounds = [0, *places, len(tokens)]
    return [tokens[a:b] for a, b in zip(bounds, bounds[1:], strict=False)] if len(places) > 1 else [tokens]


def fit(tokens: Spaced, level: int) -> str:
    """Return the tokens on one line, or broken at the last bracket pair outside of which little stands."""
    text = text_of(tokens)
    if len(text) + 4 * level <= WIDTH:
        return text
    pair = last_pair(tokens)
    if pair is None:
        return text
    start, end = pair
    inside = tokens[start + 1 : end]
    joined = text_of(tokens[: start + 1])
    behind = text_of(tokens)[len(text_of(tokens[:end])) :]
    outer = "    " * level
    body = text_of(inside)
    items = split_at_commas(inside)
    if len(body) + 4 * (level + 1) <= WIDTH:
        return f"{joined}\n{outer}    {body}\n{outer}{behind}"
    if len(items) < 2:
        return f"{joined}\n{broken_item(inside, level + 1)}\n{outer}{behind}"
    before = tokens[start - 1][1] if start else None
    is_index = (
        tokens[start][1].text == "[" and before is not None and (before.kind == tokenize.NAME or before.text in CLOSING)
    )
    comma = "" if is_index else ","
    lines = [broken_item(item, level + 1) for item in items]
    return f"{joined}\n" + ",\n".join(lines) + f"{comma}\n{outer}{behind}"


def broken_item(tokens: Spaced, level: int) -> str:
    """Return one item inside brackets: a sum that is too long gets a line for each of its parts."""
    indent = "    " * level
    if len(text_of(tokens)) + len(indent) <= WIDTH or is_list(tokens):
        return indent + fit(tokens, level)
    pieces = split_at_operators(tokens)
    return stacked(pieces, level) if len(pieces) > 1 else indent + fit(tokens, level)


def last_pair(tokens: Spaced) -> tuple[int, int] | None:
    """Return the places of the last outermost pair of brackets with something inside."""
    found, start = None, 0
    for place, (token, depth) in enumerate(depths(tokens)):
        if token.kind != tokenize.OP or depth:
            continue
        if token.text in OPENING:
            start = place
        elif token.text in CLOSING and place > start + 1:
            found = (start, place)
    return found


def split_at_commas(tokens: Spaced) -> list[Spaced]:
    """Return the items between the commas outside brackets; the commas themselves are left out."""
    items: list[Spaced] = [[]]
    in_lambda = False
    if any(token.text == "for" and not depth and token.kind == tokenize.NAME for token, depth in depths(tokens)):
        return [tokens]
    for pair, (token, depth) in zip(tokens, depths(tokens), strict=True):
        in_lambda = in_lambda or (token.text == "lambda" and not depth)
        if token.text == ":" and not depth:
            in_lambda = False
        if token.text == "," and not depth and not in_lambda:
            items.append([])
        else:
            items[-1].append(pair)
    return [item for item in items if item]
