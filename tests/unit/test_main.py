"""rawwfile.cli: main, arguments, help and suggestions, as far as nothing is served."""

from __future__ import annotations

import re

import pytest

import rawwfile
from rawwfile.cli import help as help_command
from rawwfile.cli.main import COMMANDS, main
from rawwfile.cli.suggest import nearest, shown
from rawwfile.cli.wire import ACTIONS
from rawwfile.settings import FLAG, OPTIONS, VERSION, WIRE

ERRORS = [
    # words, the one line on stderr
    (["serv"], "rawwfile: there is no command serv. Did you mean serve? See rawwfile --help."),
    (["Demo"], "rawwfile: there is no command Demo. Did you mean demo? See rawwfile --help."),
    (["xyzzy"], "rawwfile: there is no command xyzzy. See rawwfile --help."),
    (["--versoin"], "rawwfile: there is no option --versoin. Did you mean --version? See rawwfile --help."),
    (["a\x1b[2J"], "rawwfile: there is no command a\\x1b[2J. See rawwfile --help."),
    (["help", "setings"], "rawwfile help: there is no topic setings. Did you mean settings? See rawwfile help --help."),
    (["help", "a", "b"], "rawwfile help: one topic at a time. See rawwfile help --help."),
    (["serve"], "rawwfile serve: name a TARGET to serve, such as hello.py, or try rawwfile demo. See"),
    (["serve", "x", "--prot", "80"], "rawwfile serve: there is no option --prot. Did you mean --port? See"),
    (["serve", "x", "--prot=80"], "rawwfile serve: there is no option --prot. Did you mean --port? See"),
    (["serve", "x", "--limit-bod=80"], "rawwfile serve: there is no option --limit-bod. Did you mean --limit-body?"),
    (["serve", "x", "--port"], "rawwfile serve: --port: expected one argument. See rawwfile serve --help."),
    (["serve", "x", "--port", "80x"], "rawwfile serve: --port 80x: give a number from 0 to 65535; 0 takes a free"),
    (["serve", "x", "--threads=1"], "rawwfile serve: --threads 1: give a whole number, 2 or more"),
    (["serve", "x", "--config", "no.conf"], "rawwfile serve: --config no.conf: No such file or directory. See"),
    (["demo", "--threads", "4"], "rawwfile demo: there is no option --threads."),
    (["demo", "--tls-demo-dir", "x"], "rawwfile demo: --tls-demo-dir is of use only with --tls or --mtls. See"),
    (["demo", "hello.py"], "rawwfile demo: the demo takes no name: it serves all examples. For one: rawwfile serve "),
    (["demo", "--wire", "web"], "rawwfile demo: write --wire=web, with =. See rawwfile demo --help."),
    (["serve", "hello.py", "--wire", "web"], "rawwfile serve: write --wire=web, with =. See rawwfile serve --help."),
]


@pytest.mark.parametrize(("words", "message"), ERRORS, ids=lambda value: " ".join(value) if type(value) is list else "")
def test_a_mistake_is_one_line_and_exit_code_2(words, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert main(words) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert err.endswith(".\n")
    assert err.count("\n") == 1


def test_version(capsys):
    assert main(["--version"]) == 0

    assert capsys.readouterr().out == f"rawwfile {VERSION}\n"
    assert rawwfile.__version__ == VERSION


def test_help_shows_the_commands_with_examples(capsys):
    assert main(["--help"]) == 0

    out = capsys.readouterr().out
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert "\nexamples:\n  rawwfile demo\n" in out


def test_no_command_shows_the_same_on_stderr(capsys):
    assert main([]) == 2

    assert "examples:" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_commands_help_has_examples(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])

    out = capsys.readouterr().out
    assert caught.value.code == 0
    assert out.startswith(f"usage: rawwfile {command} ")
    assert out.partition("\nexamples:\n")[2].count(f"  rawwfile {command}") >= 3


def test_help_of_a_command_is_its_help(capsys):
    with pytest.raises(SystemExit):
        main(["help", "serve"])

    assert capsys.readouterr().out.startswith("usage: rawwfile serve ")


def test_serve_has_every_option_with_its_default(capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--help"])

    text = " ".join(capsys.readouterr().out.split())
    for option in OPTIONS:
        value = "" if option.kind is FLAG else f" {option.kind.metavar}"
        if option.kind is WIRE:
            value = f" [{option.kind.metavar}]"
        assert f"{option.flag}{value} {option.help}" in text
        assert option.default is None or f"{option.help} (default: {option.default_text})" in text


def test_help_lists_every_topic(capsys):
    assert main(["help"]) == 0

    out = capsys.readouterr().out
    for name, title in help_command.topics().items():
        assert f"  {name:<9} {title}\n" in out


@pytest.mark.parametrize("name", help_command.topics())
def test_each_topic_is_printed_within_80_columns(name, capsys):
    assert main(["help", name]) == 0

    text = capsys.readouterr().out
    assert text.startswith(help_command.topics()[name] + "\n")
    assert max(map(len, text.splitlines())) <= 80


def test_options_in_topics_exist(capsys):
    flags = {option.flag for option in OPTIONS} | {"--tls", "--mtls", "--tls-demo-dir"}
    for command in (["check"], *(["wire", action] for action in ACTIONS)):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        flags |= set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", capsys.readouterr().out))
    for name in help_command.topics():
        for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_command.topic(name)):
            assert flag.replace("--no-", "--") in flags, f"{name}: {flag}"


def test_the_defaults_in_the_topic_limits_are_the_tables():
    text = help_command.topic("limits")
    for option in OPTIONS:
        if option.group in ("Limits", "Time-outs"):
            row = next(line for line in text.splitlines() if line.startswith(option.flag))
            assert row.split()[1] == option.default_text


@pytest.mark.parametrize(
    ("word", "words", "expected"),
    [
        ("serv", ["serve", "demo"], "serve"),
        ("SERVE", ["serve", "demo"], "serve"),
        ("socketprt", ["socketPort"], "socketPort"),
        ("q", ["serve"], None),
        ("", ["serve"], None),
    ],
)
def test_nearest(word, words, expected):
    assert nearest(word, words) == expected


def test_shown_escapes_and_cuts():
    assert shown("a\r\n\x1b\x00\u202e") == "a\\r\\n\\x1b\\x00\\u202e"
    assert shown("x" * 61) == "x" * 57 + "..."
