"""The glass: what stands around the tape. The inspector's page and its server, sending raw bytes, breaking them."""
