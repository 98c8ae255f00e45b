"""From flags, environment and configuration file to `Settings`: the first of them that speaks wins.

An empty value in the environment or in a file keeps the default: 0.x's own defaults were written so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rawwfile.cli.config import ConfigEntry, ConfigFile, read_config, static_content
from rawwfile.cli.suggest import nearest, shown
from rawwfile.errors import ConfigError
from rawwfile.settings import OPTIONS, Option, Settings

NEEDLESS = {
    "threading": "every request has a thread already (threads=N bounds them)",
    "forking": "use workers=N for several processes",
    "reverseDNS": "remote-host is always the client's address",
    "typeOfRequests": "requests of every type reach the application",
    "sslVerifyDepth": "OpenSSL bounds the chain itself",
    "siteKey": "there are no cookie sessions to sign",
}
"""Keys of 0.x that a file may still have, with why they do nothing."""


_PREFIX = "RAWWFILE_"


@dataclass
class Resolved:
    """The settings and what is worth a line in the log about how they came about."""

    settings: Settings
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Given:
    text: str
    label: str


def folded(name: str) -> str:
    """A configuration key without case, '-' and '_', so that every spelling of it is equal."""
    return name.lower().replace("-", "").replace("_", "")


def resolve(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Resolved:
    """Make the settings.

    flags: option name to what was typed (a str, or a list where the option was repeated); None is
    "not given". environment: os.environ or the like. The file is the one that --config or
    RAWWFILE_CONFIG names. Raises ConfigError, one line, for anything that cannot be meant.
    """
    notes: list[str] = []
    layers = [_from_flags(flags), _from_environment(environment, notes)]
    values: dict[str, Any] = {}
    path = layers[0].get("config") or layers[1].get("config")
    if path is not None:
        file = read_config(path.text, path.label)
        layers.append(_from_file(file, notes))
        values["static_content"] = static_content(file)
    for option in OPTIONS:
        given = next((layer[option.name] for layer in layers if option.name in layer), None)
        if given is not None:
            values[option.name] = option.parse(given.text, given.label)
    settings = Settings(**values)
    _check_together(settings, values)
    return Resolved(settings, notes)


def given_options(flags: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return what flags and environment say, parsed, by name of the option; and notes for the log.

    Options of which neither speaks are left out. Raises ConfigError as `resolve` does.
    """
    notes: list[str] = []
    texts = _from_environment(environment, notes) | _from_flags(flags)
    return {
        option.name: option.parse(texts[option.name].text, texts[option.name].label)
        for option in OPTIONS
        if option.name in texts
    }, notes


def _from_flags(flags: Mapping[str, Any]) -> dict[str, _Given]:
    given = {}
    for option in OPTIONS:
        typed = flags.get(option.name)
        if typed is not None:
            text = typed if isinstance(typed, str) else "\n".join(typed)
            given[option.name] = _Given(text, f"{option.flag} {shown(text)}".rstrip())
    return given


def _from_environment(environment: Mapping[str, str], notes: list[str]) -> dict[str, _Given]:
    by_variable = {option.environment: option for option in OPTIONS}
    by_rest = {variable.removeprefix(_PREFIX): variable for variable in by_variable}
    given = {}
    for variable, text in environment.items():
        option = by_variable.get(variable)
        if option is not None and text:
            given[option.name] = _Given(text, f"{variable}={shown(text)}")
        elif option is None and variable.startswith(_PREFIX):
            # Only what looks like a slip: other programs may have variables that begin so.
            meant = nearest(variable.removeprefix(_PREFIX), by_rest)
            if meant is not None:
                notes.append(f"{variable} is not read. Did you mean {by_rest[meant]}?")
    return given


def _keys(option: Option) -> list[str]:
    return [folded(name) for name in (option.name, *option.old_names)] if option.in_file else []


def _from_file(file: ConfigFile, notes: list[str]) -> dict[str, _Given]:
    """The `[server]` section, with `[DEFAULT]` behind it."""
    by_key = {key: option for option in OPTIONS for key in _keys(option)}
    needless = {folded(key): why for key, why in NEEDLESS.items()}
    entries: dict[str, ConfigEntry] = {}
    for entry in file.defaults.values():
        # What stands in [DEFAULT] may be there for other sections, so nothing in it is unknown.
        if folded(entry.name) in by_key:
            entries[folded(entry.name)] = entry
    for entry in file.entries("server").values():
        key = folded(entry.name)
        if key in needless:
            notes.append(f"{file.path}:{entry.line}: {entry.name} does nothing here: {needless[key]}")
        elif key not in by_key:
            raise ConfigError(_unknown_key(file, entry))
        else:
            entries[key] = entry
    for section in file.sections:
        for meant in ("server", "staticContent"):
            if section.lower() == meant.lower() and section != meant:
                notes.append(f"{file.path}: [{section}] is not read: capitals count. Write [{meant}].")
    given: dict[str, _Given] = {}
    for option in OPTIONS:
        # Of several names for one option in a file the first in the table wins: logFile over logToScreen.
        keys = [key for key in _keys(option) if key in entries]
        for key in keys[1:]:
            notes.append(f"{file.label('server', entries[key])} gives way to {entries[keys[0]].name}")
        if keys:
            _take(file, entries[keys[0]], option, given, notes)
    return given


def _take(
    file: ConfigFile, entry: ConfigEntry, option: Option, given: dict[str, _Given], notes: list[str]
) -> None:
    text = file.get("server", entry)
    values = next((values for old, values in option.old_names.items() if folded(old) == folded(entry.name)), {})
    meant = values.get(text, text)
    if meant:
        given[option.name] = _Given(meant, file.label("server", entry))
    elif text or option.name == "host":
        # An empty socketHost was every interface in 0.x: worth saying that it is so no more.
        notes.append(f"{file.label('server', entry)} keeps the default: {option.name}={option.default_text}")


def _unknown_key(file: ConfigFile, entry: ConfigEntry) -> str:
    place = f"{file.path}:{entry.line}: [server] has no key {shown(entry.name)!r}."
    names = {folded(key): key for option in OPTIONS if option.in_file for key in (option.name, *option.old_names)}
    match = nearest(folded(entry.name), names)
    hint = f" Did you mean {names[match]}?" if match else " The keys: rawwfile help settings."
    return place + hint


def _check_together(settings: Settings, given: Mapping[str, Any]) -> None:
    """Raise ConfigError for options that are right alone and wrong together."""
    if settings.tls_key and not settings.tls_cert:
        raise ConfigError("a TLS key without a certificate: add --tls-cert FILE.")
    if settings.tls_client_cert != "none" and not settings.tls_client_ca:
        raise ConfigError(
            f"--tls-client-cert {settings.tls_client_cert} needs --tls-client-ca FILE, the authorities to believe."
        )
    if settings.tls_client_ca and "tls_client_cert" not in given:
        raise ConfigError("--tls-client-ca without --tls-client-cert: add --tls-client-cert required, or optional.")
    if settings.tls_client_ca and not settings.tls_cert:
        raise ConfigError("client certificates need HTTPS: add --tls-cert FILE.")
