#!/usr/bin/env python3
"""Opens one BackupFunctions backup without BackupFunctions.

Needs Python 3.8 or newer, the package python3-cryptography (3.1 or newer) and the program zstd or gzip.
Checks, in this order: the signature of the manifest, the SHA-256 of every stored object, the tag of every
encrypted segment, the SHA-256 of every decompressed object. Nothing is written that failed a check before it.

  open-backup.py --backup FOLDER --recovery-file recovery.json --out FOLDER
  open-backup.py --backup FOLDER --key recovery.private.pem --verify-key signing.public.pem --out FOLDER
"""
import argparse
import base64
import getpass
import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import threading

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEGMENT = 1024 * 1024
HEADER = 40
TAG = 16
OBJECT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
DECOMPRESS = {"zstd": ["zstd", "-dcq"], "gzip": ["gzip", "-dc"]}


class CannotOpen(Exception):
    """One sentence for the person at the keyboard."""


def read(path):
    with open(path, "rb") as file:
        return file.read()


def key_id(public_key):
    encoded = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


def signed_document(path, signature_path, verification_keys):
    data, signature = read(path), read(signature_path)
    for key in verification_keys:
        try:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            return json.loads(data), hashlib.sha256(data).hexdigest()
        except InvalidSignature:
            continue
    raise CannotOpen(f"{path} is not signed by the key you trust: it was altered, or it belongs to another installation.")


def load_private_key(pem):
    passphrase = None
    if b"ENCRYPTED" in pem:
        passphrase = (os.environ.get("PGDR_KEY_PASSPHRASE") or getpass.getpass("Passphrase of the private key: ")).encode()
    return serialization.load_pem_private_key(pem, passphrase)


def unwrap(envelopes, private_key):
    own = key_id(private_key.public_key())
    for envelope in envelopes:
        if envelope["key_id"] == own and envelope["algorithm"] == "RSA-OAEP-256":
            return private_key.decrypt(
                base64.b64decode(envelope["wrapped_key"]),
                padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None))
    fitting = " or ".join(f'{envelope.get("name", "a key")} ({envelope["key_id"]})' for envelope in envelopes)
    raise CannotOpen(f"This key ({own}) does not open the backup; it opens with {fitting}.")


def check_hash(path, entry):
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while block := file.read(SEGMENT):
            digest.update(block)
            size += len(block)
    if size != entry["size"] or digest.hexdigest() != entry["sha256"]:
        raise CannotOpen(f"{path} is damaged ({size} bytes, {entry['size']} expected): fetch it from another copy.")


def decrypt(path, data_key, aad):
    """Yields the authenticated plaintext of every segment."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        header = file.read(HEADER)
        if len(header) != HEADER or header[0] != HEADER:
            raise CannotOpen(f"{path} is not an encrypted object.")
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=header[1:33], info=aad.encode("ascii")).derive(data_key)
        cipher, segment, position = AESGCM(key), 0, HEADER
        while True:
            sealed = file.read(SEGMENT - position % SEGMENT)
            position += len(sealed)
            last = position >= size
            nonce = header[33:40] + segment.to_bytes(4, "big") + (b"\1" if last else b"\0")
            try:
                yield cipher.decrypt(nonce, sealed, None)
            except (InvalidTag, ValueError):
                raise CannotOpen(f"Segment {segment} of {path} does not match its tag: fetch the object from another copy.") from None
            if last:
                return
            segment += 1


class PlainReader:
    """Decrypts and decompresses one object; read() like a file, finish() checks that all was well."""

    def __init__(self, path, data_key, aad, method):
        self.path, self.digest, self.size, self.failure = path, hashlib.sha256(), 0, None
        self.process = subprocess.Popen(DECOMPRESS[method], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.feeder = threading.Thread(target=self._feed, args=(data_key, aad), daemon=True)
        self.feeder.start()

    def _feed(self, data_key, aad):
        try:
            with self.process.stdin as pipe:
                for plain in decrypt(self.path, data_key, aad):
                    pipe.write(plain)
        except BrokenPipeError:
            self.failure = CannotOpen(f"The decompressor gave up on {self.path}.")
        except Exception as failure:
            self.failure = failure

    def read(self, count=SEGMENT):
        block = self.process.stdout.read(count)
        self.digest.update(block)
        self.size += len(block)
        if not block:
            self._settle()
        return block

    def _settle(self):
        self.feeder.join()
        status = self.process.wait()
        if self.failure:
            raise self.failure
        if status != 0:
            raise CannotOpen(f"{self.path} decrypts but does not decompress.")

    def finish(self):
        while self.read():
            pass

    def expect(self, part):
        self.finish()
        if self.size != part["plain_size"] or self.digest.hexdigest() != part["plain_sha256"]:
            raise CannotOpen(f"{self.path} is not what the contents list says after decompression.")


def safe_path(folder, name):
    names = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in names):
        raise CannotOpen("The contents list a path outside of the folder: do not use this backup.")
    path = os.path.join(folder, *names)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def extract_pack(reader, folder, nested):
    with tarfile.open(fileobj=reader, mode="r|") as pack:
        for entry in pack:
            if not entry.isreg() or ("/" in entry.name and not nested):
                raise CannotOpen("A pack holds an entry that is not a plain file: do not use this backup.")
            with open(safe_path(folder, entry.name), "xb") as file:
                content = pack.extractfile(entry)
                while block := content.read(SEGMENT):
                    file.write(block)


def write_slice(reader, path, offset):
    with open(path, "ab") as file:
        if file.tell() != offset:
            raise CannotOpen(f"{path} already has {file.tell()} bytes where {offset} were expected: use an empty folder.")
        while block := reader.read():
            file.write(block)


def finish_data_directory(contents, data, server_manifest):
    os.rename(server_manifest, safe_path(data, "backup_manifest"))
    for entry in contents["files"]:
        os.chmod(safe_path(data, entry["path"]), int(entry["mode"], 8))
    for entry in contents["directories"]:
        path = safe_path(data, entry["path"])
        os.makedirs(path, exist_ok=True)
        os.chmod(path, int(entry["mode"], 8))


def open_backup(arguments):
    if arguments.recovery_file:
        recovery = json.loads(read(arguments.recovery_file))
        private_pem, public_pems = recovery["recovery_private_key"].encode(), [pem.encode() for pem in recovery["verification_keys"]]
    else:
        private_pem, public_pems = read(arguments.key), [read(path) for path in arguments.verify_key]
    verification_keys = [serialization.load_pem_public_key(pem) for pem in public_pems]

    def stored(name):
        return os.path.join(arguments.backup, *name.split("/"))

    manifest, manifest_sha256 = signed_document(stored("manifest.json"), stored("manifest.sig"), verification_keys)
    if manifest["format"] != "pgdr-manifest/1" or manifest["encryption"] != "AES256_GCM_HKDF_1MB":
        raise CannotOpen(f"This script does not know the format {manifest['format']}, {manifest['encryption']}.")
    print(f"signature good: backup {manifest['backup_id']} of {manifest['database']}, snapshot {manifest['snapshot_at']}")
    objects = {entry["name"]: entry for entry in manifest["objects"]}
    for name, entry in objects.items():
        if not OBJECT_NAME.fullmatch(name):
            raise CannotOpen("The manifest lists an object name that is not allowed.")
        check_hash(stored(name), entry)
    print(f"hashes good: {len(objects)} objects")

    envelopes = list(manifest["recipients"])
    for path in arguments.statement:
        statement, _ = signed_document(path, os.path.splitext(path)[0] + ".sig", verification_keys)
        if statement["manifest_sha256"] == manifest_sha256:
            envelopes += statement.get("recipients", [])
    data_key = unwrap(envelopes, load_private_key(private_pem))

    def reader(name):
        return PlainReader(stored(name), data_key, objects[name]["aad"], manifest["compression"])

    base = manifest["kind"] in ("BASE", "INCREMENTAL")
    dump = os.path.join(arguments.out, "data" if base else "dump")
    os.umask(0o077)
    os.makedirs(dump)
    contents_name = next(name for name, entry in objects.items() if entry["role"] == "contents")
    contents_reader = reader(contents_name)
    with open(os.path.join(arguments.out, "contents.json"), "xb") as file:
        while block := contents_reader.read():
            file.write(block)
    contents_reader.finish()
    contents = json.loads(read(os.path.join(arguments.out, "contents.json")))

    parts = sorted(contents["parts"], key=lambda part: (part.get("path") or "", part["offset"]))
    for part in parts:
        source = reader(part["object_name"])
        if part["layout"] == "tar":
            extract_pack(source, dump, base)
        else:
            write_slice(source, safe_path(dump, part["path"]), part["offset"])
        source.expect(part)
    listed = {part["object_name"] for part in parts}
    for name in (name for name, entry in objects.items() if name not in listed and entry["role"] != "contents"):
        source = reader(name)
        write_slice(source, safe_path(os.path.join(arguments.out, "other"), name[:-len(".tink")]), 0)
        source.finish()
    if base:
        finish_data_directory(contents, dump, os.path.join(arguments.out, "other", "backup_manifest"))
        print(f"tags good: {len(objects)} objects decrypted; the data directory is {dump}")
        if manifest.get("parents"):
            print(f"next: open {', '.join(manifest['parents'])} too, each into a folder of its own; then pg_combinebackup -o NEW in that order, this one last")
            return
        print(f"next: pg_verifybackup -n {dump}; it needs the log {manifest['base']['start_lsn']} to {manifest['base']['stop_lsn']} in pg_wal")
        return
    print(f"tags good: {len(objects)} objects decrypted; the dump is in {dump}")
    print(f"next: createdb NEW_DATABASE && pg_restore --exit-on-error -j 4 -d NEW_DATABASE {dump}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backup", required=True, help="folder with manifest.json, manifest.sig, contents.tink and data/")
    parser.add_argument("--out", required=True, help="new or empty folder; receives dump/ (or data/, of a base backup) and contents.json")
    parser.add_argument("--recovery-file", help="recovery.json: private recovery key and pinned verification keys")
    parser.add_argument("--key", help="private key in PEM, instead of a recovery file")
    parser.add_argument("--verify-key", action="append", default=[], help="pinned public signing key in PEM, instead of a recovery file")
    parser.add_argument("--statement", action="append", default=[], help="a ...-rewrapped.json (its .sig beside it), after a key rotation")
    arguments = parser.parse_args()
    if not arguments.recovery_file and not (arguments.key and arguments.verify_key):
        parser.error("give --recovery-file, or --key and --verify-key")
    try:
        open_backup(arguments)
    except (CannotOpen, OSError, tarfile.TarError) as failure:
        sys.exit(f"open-backup: {failure}")


if __name__ == "__main__":
    main()
