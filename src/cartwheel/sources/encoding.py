"""Which characters the bytes of a text file stand for.

Trial decoding in a fixed order decides nearly always: byte-order mark, UTF-8, GB18030, Latin-1.
UTF-8 proves itself. GB18030 and Latin-1 both accept much of each other, so the share of pairs that
are common Chinese characters decides: GB 2312 puts both bytes of a character at 0xA1 or higher,
while accented letters of Latin-1 stand alone between ASCII letters. Only what stays undecided is
left to charset-normalizer. Linear in bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from cartwheel.core.errors import InputError
from cartwheel.core.wording import Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 20  # bytes looked at to tell GB18030 from Latin-1
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_COMMON_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
# Four bytes of GB18030, such as those of the sign ¥; Latin text hardly begins with one of these.
_FOUR_BYTES = re.compile(rb"[\x81-\x84][0-9][\x81-\xfe][0-9]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text as UTF-8 bytes without a mark, and the encoding it came in."""

    text: bytes
    encoding: str
    notes: tuple[Text, ...] = ()


def decode(data: bytes, *, wanted: str | None = None, name: str = "the file") -> Decoded:
    """Return the text of ``data``; ``wanted`` overrides what the bytes say.

    Raises
    ------
    InputError
        ``wanted`` is no encoding, or the bytes are not text in it.
    """
    if wanted is not None:
        return Decoded(_decoded(data, wanted, name), wanted)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _without_nul(Decoded(_decoded(data, encoding, name), encoding))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _without_nul(_not_utf8(data))
    return _without_nul(Decoded(data, "utf-8"))


def _not_utf8(data: bytes) -> Decoded:
    damaged = _slightly_damaged_utf8(data)
    if damaged is not None:
        return damaged
    encoding = _chinese_or_latin(data)
    try:
        return Decoded(data.decode(encoding).encode(), encoding)
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1").encode(), "latin-1")


def _slightly_damaged_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 with a few broken characters: twenty good ones to each broken one."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("�")
    good = sum(1 for character in text if ord(character) > 127) - broken
    if good < 20 * broken:
        return None
    note = Text(
        f"{broken} characters are no valid UTF-8 and were replaced by �.",
        f"有 {broken} 个字符不是有效的 UTF-8，已替换为 �。",
    )
    return Decoded(text.encode(), "utf-8", (note,))


def _chinese_or_latin(data: bytes) -> str:
    sample = data[:_SAMPLE]
    runs = _HIGH_RUN.findall(sample)
    high = sum(map(len, runs))
    common = 2 * sum(len(_COMMON_PAIR.findall(run)) for run in runs)
    common += 2 * len(_FOUR_BYTES.findall(sample))
    share = common / high if high else 0.0
    if share >= 0.9 and _decodes(data, "gb18030"):
        return "gb18030"
    if share <= 0.4 or not _decodes(data, "gb18030"):
        return "cp1252" if _decodes(data, "cp1252") else "latin-1"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=["gb18030", "cp1252"]).best()
    return "gb18030" if best is None else best.encoding


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str, name: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except LookupError as error:
        message = f'"{encoding}" is not an encoding such as "utf-8" or "gb18030".'
        raise InputError(message) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not text in {encoding}: byte {error.start} does not fit.", file=name
        ) from error


def _without_nul(found: Decoded) -> Decoded:
    count = found.text.count(b"\0")
    if not count:
        return found
    note = Text(f"{count} NUL bytes were taken out.", f"已去除 {count} 个空字节（NUL）。")
    return Decoded(found.text.replace(b"\0", b""), found.encoding, (*found.notes, note))
