"""Small files of many formats, each built here byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile

from tests import factories

JPEG = factories.picture()
TEXT = "Anno 1634 kom borgmästaren för rätta.\n".encode()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PDFA = (
    b'%PDF-2.0\n<x:xmpmeta xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>4'
    b"</pdfaid:part><pdfaid:rev>2020</pdfaid:rev></x:xmpmeta>\n%%EOF\n"
)
EXE = b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + bytes(500)
SCRIPT = b"#!/bin/sh\necho hej\n"
NOISE = bytes(range(256)) * 20


def docx() -> bytes:
    """Return the least that is a Word document."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", types)
        packed.writestr("word/document.xml", "<document/>")
    return made.getvalue()
