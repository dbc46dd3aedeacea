#!/bin/sh
# Opens one BackupFunctions backup with openssl, coreutils, tar and zstd or gzip; jq or python3 reads the JSON.
#
#   open-backup.sh BACKUP_FOLDER PRIVATE_KEY.pem SIGNING_PUBLIC_KEY.pem OUT_FOLDER [REWRAPPED_STATEMENT.json]
#
# WARNING: openssl takes keys on its command line, where every user of the machine can see them while it runs, and it
# checks no GCM tags. Use a machine that nobody else is on. What protects the data here instead of the tags: the
# signature over the manifest and the SHA-256 of every object, both checked before anything is decrypted.
# Prefer open-backup.py where python3-cryptography can be installed.
set -eu
umask 077

fail() {
    echo "open-backup: $*" >&2
    exit 1
}

[ $# -ge 4 ] || fail "usage: open-backup.sh BACKUP_FOLDER PRIVATE_KEY.pem SIGNING_PUBLIC_KEY.pem OUT_FOLDER [REWRAPPED_STATEMENT.json]"
backup=$1 private=$2 verify=$3 out=$4 statement=${5:-}

# Rows of fields that are separated by '|', which only the last one may contain.
#   objects MANIFEST: name, hash.   contents MANIFEST: name, aad.
#   parts CONTENTS MANIFEST: name, layout, offset, hash of the plaintext, aad, path; objects that no part names have the layout "other".
if command -v jq >/dev/null; then
    field() { jq -r ".$2" "$1"; }
    objects() { jq -r '.objects[] | "\(.name)|\(.sha256)"' "$1"; }
    contents() { jq -r '.objects[] | select(.role == "contents") | "\(.name)|\(.aad)"' "$1"; }
    envelope() { jq -r --arg id "$2" '.recipients[]? | select(.key_id == $id) | .wrapped_key' "$1" | head -n 1; }
    parts() {
        jq -r --slurpfile manifest "$2" '
            ($manifest[0].objects | map({key: .name, value: .aad}) | from_entries) as $aad
            | (.parts | map({key: .object_name, value: true}) | from_entries) as $listed
            | (.parts | sort_by([(.path // ""), .offset])[]
                | "\(.object_name)|\(.layout)|\(.offset)|\(.plain_sha256)|\($aad[.object_name])|\(.path // "")"),
              ($manifest[0].objects[] | select(.role != "contents" and ($listed[.name] | not)) | "\(.name)|other|0||\(.aad)|\(.name)")' "$1"
    }
else
    command -v python3 >/dev/null || fail "install jq or python3 to read JSON"
    json() {
        program=$1
        shift
        python3 -c "import json, sys
d = json.load(open(sys.argv[1]))
$program" "$@"
    }
    field() { json 'print(d[sys.argv[2]])' "$@"; }
    objects() { json 'for o in d["objects"]: print(o["name"], o["sha256"], sep="|")' "$@"; }
    contents() { json 'for o in d["objects"]: o["role"] == "contents" and print(o["name"], o["aad"], sep="|")' "$@"; }
    envelope() { json 'print(next((e["wrapped_key"] for e in d.get("recipients", []) if e["key_id"] == sys.argv[2]), ""))' "$@"; }
    parts() {
        json '
objects = {o["name"]: o for o in json.load(open(sys.argv[2]))["objects"]}
for p in sorted(d["parts"], key=lambda p: (p.get("path") or "", p["offset"])):
    aad = objects.pop(p["object_name"])["aad"]
    print(p["object_name"], p["layout"], p["offset"], p["plain_sha256"], aad, p.get("path") or "", sep="|")
for o in objects.values():
    o["role"] == "contents" or print(o["name"], "other", 0, "", o["aad"], o["name"], sep="|")' "$@"
    }
fi

hex() { od -An -v -tx1 | tr -d ' \n'; }
sha256() { openssl dgst -sha256 -r | cut -c1-64; }
hmac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -c1-64; }

check_signature() {
    openssl dgst -sha256 -verify "$verify" -signature "${1%.json}.sig" "$1" >/dev/null ||
        fail "$1 is not signed by the key you trust: it was altered, or it belongs to another installation"
}

# Name and associated data of an object; writes what Tink encrypted, still compressed.
decrypt() {
    file=$backup/$1
    size=$(stat -c %s "$file")
    header=$(head -c 40 "$file" | hex)
    salt=$(echo "$header" | cut -c3-66)
    prefix=$(echo "$header" | cut -c67-80)
    extracted=$(hmac "$salt" <"$work/key")
    key=$(printf '%s\001' "$2" | hmac "$extracted")
    segment=0 offset=40 end=1048576 last=00
    while [ $last = 00 ]; do
        if [ $end -ge "$size" ]; then
            end=$size last=01
        fi
        counter=$(printf '%08x' $segment)
        dd if="$file" bs=1048576 iflag=skip_bytes,count_bytes,fullblock skip="$offset" count=$((end - offset - 16)) status=none |
            openssl enc -d -aes-256-ctr -K "$key" -iv "$prefix$counter${last}00000002"
        segment=$((segment + 1)) offset=$end end=$((end + 1048576))
    done
}

decompress() {
    case $compression in
        zstd) zstd -dcq ;;
        gzip) gzip -dc ;;
        *) fail "compression $compression is not known to this script" ;;
    esac
}

check_path() {
    case /$1/ in
        */../* | *//* | *\\*) fail "the backup lists a path outside of its folder: do not use it" ;;
    esac
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

manifest=$backup/manifest.json
check_signature "$manifest"
[ "$(field "$manifest" format)" = pgdr-manifest/1 ] || fail "the manifest has a format that this script does not know"
[ "$(field "$manifest" encryption)" = AES256_GCM_HKDF_1MB ] || fail "the encryption is not known to this script"
compression=$(field "$manifest" compression)
echo "signature good: backup $(field "$manifest" backup_id) of $(field "$manifest" database), snapshot $(field "$manifest" snapshot_at)"

objects "$manifest" >"$work/objects"
while IFS='|' read -r name hash; do
    check_path "$name"
    [ "$(sha256 <"$backup/$name")" = "$hash" ] || fail "$backup/$name is damaged: fetch it from another copy"
done <"$work/objects"
echo "hashes good: $(wc -l <"$work/objects") objects"

id=$(openssl pkey -in "$private" -pubout -outform DER | sha256)
wrapped=$(envelope "$manifest" "$id")
if [ -z "$wrapped" ] && [ -n "$statement" ]; then
    check_signature "$statement"
    [ "$(field "$statement" manifest_sha256)" = "$(sha256 <"$manifest")" ] || fail "$statement belongs to another backup"
    wrapped=$(envelope "$statement" "$id")
fi
[ -n "$wrapped" ] || fail "this key ($id) does not open the backup: see key_id of the recipients in $manifest"
echo "$wrapped" | openssl base64 -d -A | openssl pkeyutl -decrypt -inkey "$private" -out "$work/key" \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 ||
    fail "the wrapped key did not open"

dump=$out/dump
mkdir -p "$out"
mkdir "$dump" || fail "$dump exists: give a new or empty folder"
contents "$manifest" >"$work/contents"
IFS='|' read -r name aad <"$work/contents"
decrypt "$name" "$aad" | decompress >"$out/contents.json" || fail "$name does not decompress"
parts "$out/contents.json" "$manifest" >"$work/parts"
count=1
while IFS='|' read -r name layout offset hash aad path; do
    decrypt "$name" "$aad" | decompress >"$out/part" || fail "$name does not decompress"
    [ -z "$hash" ] || [ "$(sha256 <"$out/part")" = "$hash" ] || fail "$name is not what the contents list says after decompression"
    case $layout in
        tar)
            tar -x -k --no-same-owner -C "$dump" -f "$out/part"
            ;;
        slice)
            check_path "$path"
            mkdir -p "$(dirname "$dump/$path")"
            touch "$dump/$path"
            [ "$(stat -c %s "$dump/$path")" = "$offset" ] || fail "$path does not have $offset bytes yet: use an empty folder"
            cat "$out/part" >>"$dump/$path"
            ;;
        *)
            check_path "$path"
            mkdir -p "$(dirname "$out/other/$path")"
            cat "$out/part" >"$out/other/${path%.tink}"
            ;;
    esac
    rm -f "$out/part"
    count=$((count + 1))
done <"$work/parts"
echo "decrypted: $count objects; the dump is in $dump"
echo "next: createdb NEW_DATABASE && pg_restore --exit-on-error -j 4 -d NEW_DATABASE $dump"
