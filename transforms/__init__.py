"""Pure values in, values out: from fetched bytes to articles, mentions and stories.

Belongs here: what a page, a feed or a text *means*. Does not belong here: the clock, the network, Prefect, DuckDB, the
environment. Packaged data (``lexicons/``) counts as code and is read through :mod:`importlib.resources`.
"""
