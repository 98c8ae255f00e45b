"""The files of a package that are no module of the application: __init__.py, and what all modules share."""

from __future__ import annotations

import ast

from rawwfile.port.imports import Import, in_order
from rawwfile.port.plan import Plan
from rawwfile.port.whole import RUFF_REASONS, RUFF_SELECTED
from rawwfile.port.wrapping import WIDTH


def start_text(plan: Plan, name: str) -> str:
    """Return the text of __init__.py."""
    modules = [source.name for source in plan.sources]
    rows = [f'    "{each}",\n' for each in modules]
    listed = f'[{", ".join(repr(each) for each in modules)}]'.replace("'", '"')
    more = f', charset="{plan.charset}"' if plan.charset else ""
    more += f', shared="{plan.shared}"' if plan.shared != "site" else ""
    line = f'application = Application(__name__, "{name}", modules={listed}{more})\n'
    if len(line) > 88:
        ending = "".join(f"    {each.strip()},\n" for each in more.split(", ") if each)
        line = (
            f'application = Application(\n    __name__,\n    "{name}",\n    modules=[\n'
            f'{"".join("    " + row for row in rows)}    ],\n{ending})\n'
        )
    return (
        f'"""The application {name} of CherryPy 0.10, as a Python 3 package.\n\n'
        f"    rawwfile serve DIR --config {name}Server.cfg\n\n"
        "serves it, where DIR is this folder. The modules count in the order in which they are named here.\n"
        '"""\n\n'
        "from rawwfile.cherrypy import Application\n\n"
        f"{line}"
    )


def shared_text(plan: Plan, first: str) -> str:
    """Return the text of the module of shared names. first: the code of initProgram."""
    text = (
        '"""What the modules of this application share.\n\n'
        "At start one instance of each class is made, in the order below, and bound to its name here.\n"
        '"""\n\n'
    )
    body = ""
    needs_any = False
    if first.strip():
        body += first.strip("\n") + "\n\n"
    typed = []
    for name, cherry_class in plan.instances.items():
        typed.append(f"{name}: {cherry_class}\n")
    if typed:
        body += "# The instance of each class.\n" + "".join(typed) + "\n"
    rest = [name for name in plan.variables if name not in plan.first]
    if rest:
        needs_any = True
        body += "# Variables, set while the application runs.\n" + "".join(f"{name}: Any\n" for name in rest)
    imports = "from __future__ import annotations\n\n"
    own, body = _split_imports(body)
    names = ["TYPE_CHECKING"] * bool(typed) + ["Any"] * needs_any
    if names and own.startswith("import ") and "#" not in own and "(" not in own:
        # One block: `import x` stands in front of `from typing import`.
        plain = [line for line in own.split("\n") if line.startswith("import ")]
        behind = own.removeprefix("\n".join(plain)).lstrip("\n")
        block = [Import(line) for line in plain] + [Import(f"from typing import {name}") for name in names]
        imports += "\n".join(in_order(block)) + "\n\n" + behind
    else:
        imports += f"from typing import {', '.join(names)}\n\n" if names else ""
        imports += own
    if typed:
        classes = plan.instances.values()
        lines = in_order([Import(f"from .{plan.home[each].name} import {each}", "") for each in classes])
        imports += "if TYPE_CHECKING:\n" + "".join(f"    {line}\n" for line in lines) + "\n"
    return text + imports + body


def _split_imports(text: str) -> tuple[str, str]:
    """Return the import lines at the top of a text, and the rest."""
    rows = text.split("\n")
    end = 0
    for statement in ast.parse(text).body:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            break
        end = statement.end_lineno or end
    head = "".join(f"{row}\n" for row in rows[:end])
    return (head + "\n" if head else ""), "\n".join(rows[end:])


def ruff_text() -> str:
    """Return the text of ruff.toml: the rules that the package is clean of, and what it may keep of 2004."""
    selected = ", ".join(f'"{code}"' for code in RUFF_SELECTED)
    rows = "".join(f'    "{code}",  # {reason}\n' for code, reason in sorted(RUFF_REASONS.items()))
    lint = f"[lint]\nselect = [{selected}]\nignore = [\n{rows}]\n"
    isort = '[lint.isort]\nknown-third-party = ["rawwfile"]\n'
    return f'line-length = {WIDTH}\ntarget-version = "py310"\n\n{lint}\n{isort}'
