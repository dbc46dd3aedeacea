"""AES256_GCM_HKDF_1MB written anew from Tink's description of the format, to check the library in both directions.

tink.py encrypt|decrypt KEY_HEX AAD INPUT OUTPUT [SEGMENT_SIZE]
"""
import os
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def cipher(key, salt, aad):
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, aad).derive(key))


def nonce(prefix, index, last):
    return prefix + index.to_bytes(4, "big") + bytes([last])


def encrypt(key, aad, plain, size):
    salt, prefix = os.urandom(32), os.urandom(7)
    pieces, rest = [plain[:size - 56]], plain[size - 56:]
    while rest:
        pieces.append(rest[:size - 16])
        rest = rest[size - 16:]
    aes = cipher(key, salt, aad)
    return b"\x28" + salt + prefix + b"".join(
        aes.encrypt(nonce(prefix, i, i == len(pieces) - 1), piece, None) for i, piece in enumerate(pieces))


def decrypt(key, aad, sealed, size):
    aes, prefix = cipher(key, sealed[1:33], aad), sealed[33:40]
    starts = [40] + list(range(size, len(sealed), size))
    ends = starts[1:] + [len(sealed)]
    return b"".join(
        aes.decrypt(nonce(prefix, i, end == len(sealed)), sealed[start:end], None) for i, (start, end) in enumerate(zip(starts, ends)))


action, key_hex, aad_text, source, target = sys.argv[1:6]
segment_size = int(sys.argv[6]) if len(sys.argv) > 6 else 1 << 20
with open(source, "rb") as file:
    data = file.read()
result = {"encrypt": encrypt, "decrypt": decrypt}[action](bytes.fromhex(key_hex), aad_text.encode(), data, segment_size)
with open(target, "wb") as file:
    file.write(result)
