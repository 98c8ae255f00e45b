"""`rawwfile wire play` of recordings that do not say all."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawwfile.cli.main import main

HEAD = '{"wire": 1, "by": "rawwfile", "started": "2026-11-22T03:15:33.854938Z", "masked": true}\n'
ON_A_UNIX_SOCKET = (
    '{"type": "connection", "connection": 1, "scheme": "http", "peer": "", "local": "", '
    '"opened": 0.0, "tls": null, "lost": 0}\n'
)


@pytest.mark.parametrize("connections", ["", ON_A_UNIX_SOCKET])
def test_without_an_address_in_the_recording_one_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], connections: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("talk.wire").write_text(HEAD + connections)
    assert main(["wire", "play", "talk.wire"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert "talk.wire does not say which server it was: name an ADDRESS, such as 127.0.0.1:8000." in err
