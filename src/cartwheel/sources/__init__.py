"""Data from outside: CSV, Parquet and Excel with a column map, and public formats by name."""

from cartwheel.sources.column_map import TableMap, load_map, save_maps
from cartwheel.sources.delivery import Delivery, ReconciliationError
from cartwheel.sources.outlier import Outlier, outliers
from cartwheel.sources.reading import files_of, read_file
from cartwheel.sources.source_file import ReadingHints, SourceFile

__all__ = [
    "Delivery",
    "Outlier",
    "ReadingHints",
    "ReconciliationError",
    "SourceFile",
    "TableMap",
    "files_of",
    "load_map",
    "outliers",
    "read_file",
    "save_maps",
]
