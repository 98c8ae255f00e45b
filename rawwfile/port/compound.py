"""Writes compound statements, with comments where they stood."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.port.concrete import code_of, commas, first_leaf, is_leaf, leaves
from rawwfile.port.importlines import ImportLines
from rawwfile.port.kinds import elements
from rawwfile.port.statements import Out


class Compound(ImportLines):
    """Statements with bodies."""

    columns: dict[int, int]

    def comments(self, node: Any) -> None:
        """Write the blank lines and comments in front of a statement."""
        leaf = first_leaf(node)
        lines = leaf.prefix.split("\n")
        row = leaf.lineno - len(lines) + 1
        for place, line in enumerate(lines[:-1]):
            text = line.strip()
            if not text:
                self.out.append(Out(self.level, "", row + place))
                continue
            if text == "\\":
                continue
            column = len(line.expandtabs()) - len(line.expandtabs().lstrip())
            self.out.append(Out(self.comment_level(column, leaf.column), text, row + place))

    def comment_level(self, column: int, statement: int) -> int:
        """Return the level of a comment: that of the block that just ended where it stands deeper."""
        if column <= statement:
            return self.level
        fitting = [level for start, level in self.columns.items() if start <= column and level >= self.level]
        return max(fitting, default=self.level)

    def statements(self, nodes: list[Any]) -> None:
        """Write statements in their order."""
        listed = [node for node in nodes if node.type >= 256 or node.value.strip() or node.prefix.strip()]
        skip = False
        for place, node in enumerate(listed):
            if node.type == 5 or node.type == 6:
                continue
            if skip:
                skip = False
                continue
            self.comments(node)
            if node.type == 0 or node.type < 256 and not node.value.strip():
                continue
            column = first_leaf(node).column
            self.columns = {start: level for start, level in self.columns.items() if start < column}
            self.columns[column] = self.level
            after = listed[place + 1] if place + 1 < len(listed) else None
            skip = after is not None and self.sorted_keys(node, after)
            if not skip:
                self.statement(node)

    def statement(self, node: Any) -> None:
        kind = self.kind(node)
        if kind == "simple_stmt":
            self.simple_line(node)
            return
        handler = getattr(self, "do_" + kind, None)
        if handler is None:
            self.simple(node)
        else:
            handler(node)

    def simple_line(self, node: Any) -> None:
        """Write the statements of one line, each on its own, the comment behind the last."""
        start = len(self.out)
        parts = [part for part in node.children if part.type >= 256 or part.value not in (";", "\n", "\r\n", "")]
        while parts:
            part = parts.pop(0)
            if parts and self.sorted_pair(part, parts[0]):
                parts.pop(0)
            else:
                self.simple(part)
        self.trailing(node.children[-1], start)

    def trailing(self, newline: Any, start: int) -> None:
        """Put the comment in front of a line's end behind what was written for it."""
        comment = newline.prefix.strip().lstrip("\\").strip()
        if not comment.startswith("#"):
            return
        if len(self.out) == start:
            self.out.append(Out(self.level, comment, newline.lineno))
        elif not (comment.startswith("# noqa") and "# noqa" in self.out[-1].text):
            self.out[-1].text += "  " + comment

    def sorted_keys(self, first: Any, second: Any) -> bool:
        """Write `keys = d.keys()` and `keys.sort()` behind it as `keys = sorted(d)`."""
        if self.kind(first) != "simple_stmt" or self.kind(second) != "simple_stmt":
            return False
        if len(first.children) != 2 or len(second.children) != 2 or second.prefix.strip():
            return False
        start = len(self.out)
        if not self.sorted_pair(first.children[0], second.children[0]):
            return False
        self.trailing(first.children[-1], start)
        self.trailing(second.children[-1], start)
        return True

    def sorted_pair(self, first: Any, second: Any) -> bool:
        """Write an assignment and the sort() behind it as one, where they are that."""
        if self.kind(first) != "expr_stmt" or self.kind(second) != "power":
            return False
        assigned = first.children
        sort = re.fullmatch(r"(\w+)\.sort\((.*)\)", code_of(second), re.DOTALL)
        if len(assigned) != 3 or not sort or code_of(assigned[0]) != sort.group(1) or self.kind(assigned[2]) != "power":
            return False
        last = assigned[2].children[-2:]
        if (
            len(last) < 2
            or code_of(last[1]).replace(" ", "") != "()"
            or code_of(last[0]) not in (".keys", ".values", ".items")
        ):
            return False
        owner = self.expression(assigned[2])
        found = re.fullmatch(r"list\((.*)\)", owner, re.DOTALL)
        owner = found.group(1) if found else owner
        owner = owner[:-7] if owner.endswith(".keys()") and self.iterates_keys else owner
        trailer = second.children[2]
        arguments = self.arguments(trailer)
        parts = [owner]
        if arguments and not arguments[0].name:
            parts += self.order(arguments[0].node)
        elif self.is_mixed(elements(self.kinds(assigned[2]))):
            self.look(second, "order", "the values are of different types; 2.x had an order for them, as compare() has")
            parts.append("key=" + self.compared_by(self.helper("compare")))
        else:
            self.sort_look(second, elements(self.kinds(assigned[2])))
        self.decide(first, "sort", "the list and its sort() are sorted()")
        self.put(f"{self.expression(assigned[0])} = sorted({', '.join(parts + self.named(arguments))})", first)
        return True

    def suite(self, head: str, node: Any, at: Any) -> None:
        """Write a head that ends with a colon and the body behind it."""
        self.put(head, at)
        start = len(self.out)
        self.level += 1
        if self.kind(node) == "suite":
            body = list(node.children)
            self.trailing(body[0], start)
            self.statements(body[1:])
        else:
            self.statements([node])
        if not any(line.text and not line.text.startswith("#") for line in self.out[start:]):
            self.put("pass", at)
        self.level -= 1

    # Flow

    def do_if_stmt(self, node: Any) -> None:
        parts = node.children
        for at in range(0, len(parts) - 3, 4):
            if is_leaf(parts[at], "else"):
                break
            if at:
                self.comments(parts[at])
            self.suite(f"{parts[at].value} {self.condition(parts[at + 1])}:", parts[at + 3], parts[at])
        if is_leaf(parts[-3], "else"):
            self.comments(parts[-3])
            self.suite("else:", parts[-1], parts[-3])

    def condition(self, node: Any) -> str:
        return self.expression(node)

    def do_while_stmt(self, node: Any) -> None:
        parts = node.children
        self.suite(f"while {self.condition(parts[1])}:", parts[3], parts[0])
        self.orelse(parts[4:])

    def orelse(self, parts: list[Any]) -> None:
        if parts:
            self.comments(parts[0])
            self.suite("else:", parts[2], parts[0])

    def do_for_stmt(self, node: Any) -> None:
        parts = node.children
        self.suite(f"for {self.expression(parts[1])} in {self.expression(parts[3])}:", parts[5], parts[0])
        self.orelse(parts[6:])

    def do_with_stmt(self, node: Any) -> None:
        items = []
        for part in commas(node.children[1:-2]):
            if self.kind(part) == "with_item":
                items.append(f"{self.expression(part.children[0])} as {self.expression(part.children[2])}")
            else:
                items.append(self.expression(part))
        self.suite(f"with {', '.join(items)}:", node.children[-1], node)

    def do_try_stmt(self, node: Any) -> None:
        start = len(self.out)
        self.suite("try:", node.children[2], node)
        parts = node.children[3:]
        if [line.text for line in self.out[start + 1 :]] == ["pass"] and self.only_imports(node):
            self.decide(node, "import", "what is imported here is there in Python 3")
            del self.out[start:]
            return
        for head, body in zip(parts[::3], parts[2::3], strict=True):
            self.comments(head)
            if is_leaf(head, "else") or is_leaf(head, "finally"):
                self.suite(f"{head.value}:", body, head)
            else:
                self.handler(head, body, node.children[2])

    def only_imports(self, node: Any) -> bool:
        """Whether a `try` is nothing but imports of old modules (with others where these fail)."""
        body = node.children[2]
        lines = [each for each in body.children if self.kind(each) == "simple_stmt"] if body.children else []
        lines = lines if self.kind(body) == "suite" else [body]
        found = [part for line in lines for part in line.children if part.children]
        heads = [self.kind(part) == "except_clause" or is_leaf(part, "except") for part in node.children[3::3]]
        return (
            all(heads)
            and "#" not in code_of(node)
            and bool(found)
            and all(self.kind(each) in ("import_name", "import_from") for each in found)
        )

    def handler(self, head: Any, body: Any, tried: Any) -> None:
        """Write one `except`; what it caught lives on where it is read later."""
        if not head.children:
            wide = any(word in code_of(tried) for word in ("sys.exit", "SystemExit", "KeyboardInterrupt"))
            self.decide(head, "except", "a bare except names what it catches")
            self.suite("except BaseException:" if wide else "except Exception:", body, head)
            return
        what = self.caught(head.children[1])
        if len(head.children) < 3:
            self.suite(f"except {what}:", body, head)
            return
        target = head.children[3]
        if self.kind(target) != "NAME":
            name = self.fresh("error")
            self.suite(f"except {what} as {name}:", body, head)
            text = self.expression(target)
            text = text[1:-1] if text.startswith("(") and text.endswith(")") else text
            self.after_head(head, f"{text} = {name}.args")
            return
        if is_leaf(head.children[2], ","):
            self.decide(head, "except", "except E, e is except E as e")
        inside = {id(leaf) for leaf in leaves(body)}
        reads = [leaf for scope in self.scope.everywhere() for leaf in scope.loads.get(target.value, ())]
        reflective = self.scope.reflective
        if (
            not any(id(leaf) in inside for leaf in reads)
            and not reflective
            and self.scope.kind == "function"
            and not self.outside(reads, target, inside)
        ):
            self.suite(f"except {what}:", body, head)
            return
        name = self.expression(target)
        if "." in name or self.outside(reads, target, inside) or target.value in self.scope.shared:
            held = self.fresh("error")
            self.suite(f"except {what} as {held}:", body, head)
            self.after_head(head, f"{name} = {held}")
            return
        self.suite(f"except {what} as {name}:", body, head)

    def outside(self, reads: list[Any], target: Any, inside: set[int]) -> bool:
        """Whether the caught value may be read after the handler, where Python 3 has deleted it."""
        handlers: set[int] = set()
        for clause in self.scope.node.pre_order():
            if (
                self.kind(clause) == "except_clause"
                and len(clause.children) > 3
                and code_of(clause.children[3]) == target.value
            ):
                at = clause.parent.children.index(clause)
                handlers.update(id(leaf) for leaf in leaves(clause.parent.children[at + 2]))
        return any(id(leaf) not in inside and id(leaf) not in handlers for leaf in reads)

    def after_head(self, head: Any, text: str) -> None:
        """Write a line as the first one of the body that was just written."""
        row = first_leaf(head).lineno
        at = max(
            place
            for place, line in enumerate(self.out)
            if line.row == row and line.level == self.level and line.text.startswith("except")
        )
        self.out.insert(at + 1, Out(self.level + 1, text, row))
        rest = [line for line in self.out[at + 2 :] if line.text]
        if len(rest) == 1 and rest[0].text == "pass":
            self.out = [line for line in self.out if line is not rest[0]]

    def caught(self, node: Any) -> str:
        """Return the text of what an `except` names."""
        inside = node.children[1] if self.kind(node) == "atom" and len(node.children) == 3 else None
        if inside is not None and self.kind(inside) == "testlist_gexp":
            texts = list(dict.fromkeys(self.exception(part) for part in commas(inside.children)))
            return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
        return self.exception(node)
