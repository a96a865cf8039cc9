"""Lessons on the page: their list, the one that is played, and its panel in the drawer."""
