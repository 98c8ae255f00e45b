"""What a configuration file of 0.x says besides `[server]`: the static content.

The format is read by `rawwfile.ini`, whose names are here too.
"""

from __future__ import annotations

import os

from rawwfile.errors import ConfigError
from rawwfile.ini import ConfigEntry, ConfigFile, parse_config, read_config, shown

__all__ = ["ConfigEntry", "ConfigFile", "parse_config", "read_config", "static_content"]


def static_content(config: ConfigFile) -> tuple[tuple[str, str], ...]:
    """The `[staticContent]` section: (URL path without outer slashes, file or directory), in file order.

    Paths become absolute, from the working directory. Names are lower-case, as 0.x's parser left them:
    `Images=...` serves /images/. Raises ConfigError where a file or directory is missing.
    """
    mappings = []
    for entry in config.entries("staticContent").values():
        target = config.get("staticContent", entry)
        if not target or not os.path.exists(target):
            raise ConfigError(
                f"{config.label('staticContent', entry)}: no such file or directory"
                f" (relative names start at the working directory, {shown(os.getcwd(), 200)})."
            )
        mappings.append((entry.name.lower().strip("/"), os.path.abspath(target)))
    return tuple(mappings)
