"""Products alike in words: TF-IDF over names, descriptions, brand and category, both languages.

Words and character trigrams of words in alphabets; single characters and pairs of Chinese, which
needs no word list; every level of the category path is a term. Term weight (1 + log tf) · idf,
rows of length one, so the product of two rows is their cosine. Source: Salton & Buckley (1988),
Information Processing & Management 24(5), 513-523. Fails where texts are missing or all alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

import polars as pl
from scipy import sparse

from cartwheel.stages.recommend.history import Matrix

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_TEXTS = ("name", "name_zh", "description", "description_zh", "brand")


def content_features(products: pl.DataFrame) -> Matrix:
    """Return products × terms, rows of length one in the order of ``products``.

    A product without any text has an empty row.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    documents = products.select(
        pl.concat_str([pl.col(name) for name in _TEXTS], separator="\n", ignore_nulls=True)
        .str.to_lowercase()
        .alias("text"),
        pl.col("category").fill_null(""),
    ).rows()
    if not any(True for text, category in documents for _ in _terms((text, category))):
        return sparse.csr_matrix((len(documents), 1), dtype="float32")
    vectorizer = TfidfVectorizer(analyzer=lambda row: list(_terms(row)), sublinear_tf=True)
    return cast(Matrix, vectorizer.fit_transform(documents).astype("float32"))


def _terms(document: tuple[str, str]) -> Iterator[str]:
    text, category = document
    for run in _CHINESE.findall(text):
        yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    for word in _WORD.findall(_CHINESE.sub(" ", text)):
        yield f"w:{word}"
        padded = f" {word} "
        yield from (padded[at : at + 3] for at in range(len(padded) - 2))
    levels = [level.strip() for level in category.split(">") if level.strip()]
    yield from ("c:" + " > ".join(levels[: depth + 1]) for depth in range(len(levels)))
