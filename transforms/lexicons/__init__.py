"""Linguistic and other knowledge as data; see README.md in this folder. Read through :mod:`importlib.resources`."""
