"""The inspector's own site: its guard, its pages, and the JSON interface that the page asks."""
