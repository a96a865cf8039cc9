"""Panels of the papers' figures in matplotlib, one module for each kind."""
