"""Collectors: HTTP, robots.txt, politeness, the WARC archive and the collection record. No Prefect here, and no SQL."""
