# shellcheck shell=bash
# encryption: what goes through AES-256-GCM in segments of 1 MiB, against OpenSSL's own figure on the same core.

row_encryption() {
    take_turns ours_encryption theirs_encryption
    row_of_ratio "encrypt" GB/s "$(median ours-seal)" "$(median openssl-encrypt)" ">= 0.80"
    row_of_ratio "decrypt" GB/s "$(median ours-open)" "$(median openssl-decrypt)" ">= 0.80"
    row_of_fact "encrypt and SHA-256, as objects are written" GB/s "$(median ours-write)"
    row_of_fact "decrypt and SHA-256, as objects are read" GB/s "$(median ours-read)"
}

ours_encryption() {
    local work
    for work in seal open write read; do
        sample "ours-$work" "$(on_one_core dotnet "$BENCHMARKS_PROGRAM" encryption "$work" | awk '{ printf "%.3f", $1 / 1e9 }')"
    done
}

theirs_encryption() {
    sample openssl-encrypt "$(openssl_speed)"
    sample openssl-decrypt "$(openssl_speed -decrypt)"
}

# openssl_speed [-decrypt]: the last field of its machine-readable line is bytes per second.
openssl_speed() {
    on_one_core openssl speed -mr -seconds 2 -bytes 1048576 -evp aes-256-gcm "$@" 2>> "$LOGS/openssl.log" |
        awk -F: '/^\+F:/ { printf "%.3f", $NF / 1e9 }'
}

on_one_core() { taskset --cpu-list 0 "$@"; }
