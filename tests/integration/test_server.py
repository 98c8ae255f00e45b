def test_one(live):
    @live.page
    def hello():
        return "hi"
    c = live.connect()
    assert c.fetch("/hello").body == b"hi"
    assert c.fetch("/hello").body == b"hi"
    assert c.fetch("/nix").status == 404

def test_two(live):
    pass
