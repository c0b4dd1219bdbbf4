"""The live records: SQLAlchemy on SQLite by default."""

from cartwheel.storage.database.connection import metadata, open_database

__all__ = ["metadata", "open_database"]
