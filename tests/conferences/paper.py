"""Looking into a PDF without a library for it: its pages, their size, and its pictures' alternatives."""

from __future__ import annotations

import re
import zlib

LETTER = {(612, 792)}  # points


def plain(body: bytes) -> bytes:
    """Return the objects of a PDF, those inside compressed streams too."""
    parts = [body]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", body, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(parts)


def pages(body: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", plain(body)))


def sizes(body: bytes) -> set[tuple[int, int]]:
    """Return the sizes of a PDF's pages, in whole points."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", plain(body))
    return {(round(float(width)), round(float(height))) for width, height in found}


def alternatives(body: bytes) -> list[str]:
    """Return the text alternatives of a PDF's pictures: ASCII in brackets, or UTF-16 as hexadecimal."""
    found = re.findall(rb"/Alt (?:\((.*?)\)|<feff([0-9a-f]*)>)", plain(body), re.DOTALL)
    return [
        said.decode("ascii") if said else bytes.fromhex(coded.decode()).decode("utf-16-be")
        for said, coded in found
    ]
