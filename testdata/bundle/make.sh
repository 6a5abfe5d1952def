#!/bin/sh
# Makes every file of this folder anew. Needs cosign v3, Rekor v2's server (`posix` of rekor-tiles v2.3.0, as
# `rekor-posix`), OpenSSL 3 and a network namespace: `unshare -rn sh make.sh`.
set -eu
cd "$(dirname "$0")"
ip link set lo up
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export COSIGN_PASSWORD=correct
start=2026-01-01T00:00:00Z
openssl genpkey -algorithm ed25519 -out "$work/log.pem"
openssl pkey -in "$work/log.pem" -pubout -out "$work/log.pub"
rekor-posix serve --hostname rekor2.example --http-port 3003 --grpc-port 3001 --http-metrics-port 2113 \
    --storage-dir "$work/log" --signer-filepath "$work/log.pem" --checkpoint-interval 1s --persistent-antispam \
    >"$work/rekor.log" 2>&1 &
server=$!
sleep 3
printf '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json"}' >"$work/unlogged.json"
cosign trusted-root create --out trusted_root.json \
    --rekor="url=https://rekor2.example,public-key=$work/log.pub,start-time=$start,origin=rekor2.example"
cosign signing-config create --out "$work/signing.json" \
    --rekor="url=http://127.0.0.1:3003,api-version=2,start-time=$start,operator=test" --rekor-config=ANY
printf 'hello\n' >artifact
printf '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}\n' >sbom.json
attest() {
    cosign attest-blob --key ../keys/cosign.key --signing-config "$1" --trusted-root trusted_root.json \
        --predicate sbom.json --type cyclonedx --bundle "$2" -y artifact
}
attest "$work/unlogged.json" unlogged.json
attest "$work/signing.json" first.json
attest "$work/signing.json" second.json
cosign sign-blob --key ../keys/cosign.key --signing-config "$work/signing.json" --trusted-root trusted_root.json \
    --bundle message.json -y artifact
chmod 644 ./*.json
