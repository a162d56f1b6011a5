"""What every table must hold, one module a table (same stem), as Great Expectations suites.

Belongs here: rules about the columns of one table. Rules that join tables are SQL, in ``checks/``. Each module offers ``TABLE``,
``COLUMNS`` (what is selected from it into the frame that is judged; long texts by their length) and ``expectations()``.
"""
