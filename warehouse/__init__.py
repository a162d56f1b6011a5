"""The only room that knows DuckDB, SQL and Great Expectations: load, audit, publish, export, report."""
