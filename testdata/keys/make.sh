#!/bin/sh
# Makes every file of this folder anew. Needs OpenSSL 3, ssh-keygen and cosign v3; the keys protect nothing.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.pub ./*.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem
openssl pkey -in p256.pem -pubout -out p256.pub
openssl pkey -in p256.pem -pubout -ec_conv_form compressed -out p256-compressed.pub
openssl ec -in p256.pem -out p256-sec1.pem
openssl pkcs8 -topk8 -in p256.pem -passout pass:x -out p256-encrypted.pem
openssl req -x509 -new -key p256.pem -subj /CN=test -days 36500 -out certificate.pem
openssl genpkey -algorithm ED25519 -out ed25519.pem
openssl pkey -in ed25519.pem -pubout -out ed25519.pub
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem
openssl pkey -in p384.pem -pubout -out p384.pub
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
openssl pkey -in rsa.pem -pubout -out rsa.pub
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521.pem
openssl pkey -in p521.pem -pubout -out p521.pub
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa-short.pem
openssl pkey -in rsa-short.pem -pubout -out rsa-short.pub
openssl rsa -in rsa.pem -traditional -out rsa-traditional.pem
ssh-keygen -q -t ed25519 -N '' -C test -f openssh.pem && rm openssh.pem.pub
COSIGN_PASSWORD=correct cosign generate-key-pair --output-key-prefix cosign
COSIGN_PASSWORD=correct cosign import-key-pair --key ed25519.pem --output-key-prefix cosign-ed25519
COSIGN_PASSWORD='' cosign generate-key-pair --output-key-prefix cosign-empty
chmod 644 ./*.pem ./*.key ./*.pub
printf message >message
openssl dgst -sha256 -sign p256.pem -out p256.sig message
openssl pkeyutl -sign -rawin -inkey ed25519.pem -in message -out ed25519.sig
openssl dgst -sha384 -sign p384.pem -out p384.sig message
openssl dgst -sha512 -sign p521.pem -out p521.sig message
openssl dgst -sha256 -sign rsa.pem -out rsa.sig message
openssl dgst -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest -sign rsa.pem -out rsa-pss.sig message
for key in p256 p384 p521 rsa; do
    ssh-keygen -i -m PKCS8 -f $key.pub | ssh-keygen -l -f - | cut -d' ' -f2 >$key.fingerprint
done
