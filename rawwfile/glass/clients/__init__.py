"""The clients that are compared: one file each, one class each, all with the same four methods."""
