"""What crossed the sockets: the recording, its bounds and masks, `.wire` files and what they are turned into.

No sockets and no clock here: `server.tap` brings the bytes and the time.
"""
