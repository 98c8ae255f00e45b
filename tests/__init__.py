"""The tests. A package of its own name: another one that is installed must not come first."""
