"""Where things are kept: the workspace folder, the lake of tables, the database of records."""
