"""Seal for one reader: only who holds the token can open, not the counter and not the archive.

The token gives an X25519 key pair; its public half is all that the house keeps. Each seal has a
key of its own (ephemeral X25519, HKDF, ChaCha20-Poly1305), and files are sealed in pieces, so
memory stays flat. Begin at `new_token` and `seal`.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archive.errors import NotFound

PIECE = 256 * 1024
_KEY = 32


def new_token() -> str:
    """Return a token of 256 bits: the requester's only key, shown once and never stored."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return the SHA-256 (hex) under which a token is known to the house."""
    return hashlib.sha256(f"counter:{token}".encode()).hexdigest()


def public_key_of(token: str) -> str:
    """Return the public half of the token's key pair, as hex."""
    return _private(token).public_key().public_bytes_raw().hex()


def seal(public_key: str, clear: bytes) -> bytes:
    """Return bytes that only the token's holder can read."""
    return b"".join(seal_pieces(public_key, iter([clear])))


def seal_pieces(public_key: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the sealed form of a stream, piece by piece; a missing or moved piece will show."""
    own = X25519PrivateKey.generate()
    reader = X25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    cipher = _cipher(own.exchange(reader), own.public_key().public_bytes_raw())
    yield own.public_key().public_bytes_raw()
    number, before = 0, next(pieces, b"")
    for piece in pieces:
        yield _framed(cipher, number, before, last=False)
        number, before = number + 1, piece
    yield _framed(cipher, number, before, last=True)


def unseal(token: str, sealed: bytes) -> bytes:
    """Return the clear bytes.

    :raises NotFound: if the token is not the one it was sealed for, or a byte has changed.
    """
    return b"".join(unseal_pieces(token, BytesIO(sealed)))


def unseal_pieces(token: str, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the clear bytes of a sealed stream, piece by piece.

    :raises NotFound: at the first piece that does not open, or when the end is missing.
    """
    ephemeral = stream.read(_KEY)
    if len(ephemeral) != _KEY:
        raise NotFound("nothing to open")
    shared = _private(token).exchange(X25519PublicKey.from_public_bytes(ephemeral))
    cipher, number, last = _cipher(shared, ephemeral), 0, False
    while head := stream.read(5):
        size, flag = struct.unpack(">IB", head) if len(head) == 5 else (0, 0)
        last = flag == 1
        try:
            yield cipher.decrypt(_nonce(number), stream.read(size), head)
        except InvalidTag as error:
            raise NotFound("nothing to open") from error
        number += 1
    if not last:
        raise NotFound("the end is missing")


def _framed(cipher: ChaCha20Poly1305, number: int, piece: bytes, *, last: bool) -> bytes:
    head = struct.pack(">IB", len(piece) + 16, 1 if last else 0)
    return head + cipher.encrypt(_nonce(number), piece, head)


def _nonce(number: int) -> bytes:
    return struct.pack(">IQ", 0, number)


def _cipher(shared: bytes, salt: bytes) -> ChaCha20Poly1305:
    kdf = HKDF(hashes.SHA256(), length=32, salt=salt, info=b"stadsarkiv counter seal 1")
    return ChaCha20Poly1305(kdf.derive(shared))


def _private(token: str) -> X25519PrivateKey:
    kdf = HKDF(hashes.SHA256(), length=32, salt=b"", info=b"stadsarkiv counter token 1")
    return X25519PrivateKey.from_private_bytes(kdf.derive(token.encode()))
