"""`python3 -m rawwfile`: the same as the command `rawwfile`."""

from __future__ import annotations

import sys

from rawwfile.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
