//! DER, written by hand: certificates and timestamps as no library would make them.

use sbom_attest::digest::Digest;
use sbom_attest::keys::{PrivateKey, Signer as _};

pub(crate) fn tlv(tag: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let length = content.len();
    let mut value = vec![tag];
    match length {
        0..=127 => value.push(u8::try_from(length).unwrap()),
        128..=255 => value.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            value.push(0x82);
            value.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    value.extend_from_slice(content);
    value
}

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, parts.concat())
}

pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x31, parts.concat())
}

/// `[number]`, constructed.
pub(crate) fn context(number: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

pub(crate) fn integer(number: u8) -> Vec<u8> {
    tlv(2, [number])
}

pub(crate) fn octets(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    tlv(4, bytes)
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(12, text)
}

pub(crate) fn oid(text: &str) -> Vec<u8> {
    let arcs: Vec<u32> = text.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = vec![u8::try_from(arcs[0] * 40 + arcs[1]).unwrap()];
    for arc in &arcs[2..] {
        let mut groups = vec![u8::try_from(arc & 0x7f).unwrap()];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        groups.reverse();
        content.extend(groups);
    }
    tlv(6, content)
}

pub(crate) fn algorithm(name: &str) -> Vec<u8> {
    sequence(&[oid(name)])
}

pub(crate) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
pub(crate) const ECDSA_SHA1: &str = "1.2.840.10045.4.1";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
pub(crate) const TIMESTAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub(crate) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(crate) const KEY_USAGE: &str = "2.5.29.15";
pub(crate) const PURPOSES: &str = "2.5.29.37";
pub(crate) const NAMES: &str = "2.5.29.17";
pub(crate) const SCTS: &str = "1.3.6.1.4.1.11129.2.4.2";

/// A certificate that is about to be made.
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) serial: u8,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// `YYMMDDhhmmssZ`
    pub(crate) not_before: String,
    pub(crate) not_after: String,
    pub(crate) key: u8,
    /// The key that signs it.
    pub(crate) signer: u8,
    pub(crate) algorithm: &'static str,
    /// The algorithm beside the signature, where it is another.
    pub(crate) outer: Option<&'static str>,
    pub(crate) extensions: Vec<Extension>,
}

#[derive(Clone)]
pub(crate) struct Extension {
    pub(crate) oid: String,
    pub(crate) critical: bool,
    pub(crate) value: Vec<u8>,
}

impl Extension {
    pub(crate) fn new(oid: &str, critical: bool, value: Vec<u8>) -> Self {
        Self { oid: oid.to_owned(), critical, value }
    }

    pub(crate) fn authority(length: Option<u8>) -> Self {
        let mut parts = vec![tlv(1, [0xff])];
        parts.extend(length.map(integer));
        Self::new(BASIC_CONSTRAINTS, true, sequence(&parts))
    }

    pub(crate) fn purpose(critical: bool, purposes: &[&str]) -> Self {
        let purposes: Vec<_> = purposes.iter().map(|purpose| oid(purpose)).collect();
        Self::new(PURPOSES, critical, sequence(&purposes))
    }

    /// The first bit is that of a digital signature, the sixth that of signing certificates.
    pub(crate) fn usage(bits: u8) -> Self {
        Self::new(KEY_USAGE, true, tlv(3, [bits.trailing_zeros().min(7) as u8, bits]))
    }

    fn der(&self) -> Vec<u8> {
        let mut parts = vec![oid(&self.oid)];
        if self.critical {
            parts.push(tlv(1, [0xff]));
        }
        parts.push(octets(&self.value));
        sequence(&parts)
    }
}

impl Spec {
    pub(crate) fn extension(&mut self, oid: &str) -> &mut Extension {
        self.extensions.iter_mut().find(|one| one.oid == oid).unwrap()
    }

    pub(crate) fn without(&mut self, oid: &str) {
        self.extensions.retain(|one| one.oid != oid);
    }

    /// What is signed.
    pub(crate) fn tbs(&self) -> Vec<u8> {
        let extensions: Vec<_> = self.extensions.iter().map(Extension::der).collect();
        sequence(&[
            context(0, integer(2)),
            integer(self.serial),
            algorithm(self.algorithm),
            name(&self.issuer),
            sequence(&[tlv(23, &self.not_before), tlv(23, &self.not_after)]),
            name(&self.subject),
            key(self.key).public_key().to_spki(),
            context(3, sequence(&extensions)),
        ])
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let tbs = self.tbs();
        let signature = key(self.signer).sign(&tbs).unwrap();
        let outer = self.outer.unwrap_or(self.algorithm);
        sequence(&[tbs, algorithm(outer), tlv(3, [&[0], signature.as_slice()].concat())])
    }
}

/// A name of one common name; empty for nobody.
pub(crate) fn name(common: &str) -> Vec<u8> {
    if common.is_empty() {
        return sequence(&[]);
    }
    sequence(&[set(&[sequence(&[oid("2.5.4.3"), utf8(common)])])])
}

/// The P-256 key of a seed.
pub(crate) fn key(seed: u8) -> PrivateKey {
    PrivateKey::from_seed(sbom_attest::keys::KeyType::P256, &[seed; 32]).unwrap()
}

/// The list of proofs that a certificate transparency log gave for a certificate, as the value of its extension.
pub(crate) fn sct(sct: &SctSpec, certificate: &Spec) -> Vec<u8> {
    let tbs = certificate.tbs();
    let issuer = Digest::sha256(key(sct.issuer).public_key().to_spki());
    let mut signed = vec![0, 0];
    signed.extend(sct.milliseconds.to_be_bytes());
    signed.extend([0, 1]);
    signed.extend(issuer.bytes());
    signed.extend(&u32::try_from(tbs.len()).unwrap().to_be_bytes()[1..]);
    signed.extend(&tbs);
    signed.extend([0, 0]);
    let signature = key(sct.signer).sign(&signed).unwrap();
    let mut one = vec![sct.version];
    one.extend(Digest::sha256(key(sct.log).public_key().to_spki()).bytes());
    one.extend(sct.milliseconds.to_be_bytes());
    one.extend([0, 0, sct.hash, 3]);
    one.extend(vector(&signature));
    octets(vector(&vector(&one).repeat(sct.times)))
}

#[derive(Clone)]
pub(crate) struct SctSpec {
    pub(crate) version: u8,
    pub(crate) hash: u8,
    pub(crate) milliseconds: u64,
    /// The log it names, the key that signs, the key of the issuer that is signed along.
    pub(crate) log: u8,
    pub(crate) signer: u8,
    pub(crate) issuer: u8,
    pub(crate) times: usize,
}

fn vector(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

/// A timestamp that is about to be made.
#[derive(Clone)]
pub(crate) struct TokenSpec {
    pub(crate) status: u8,
    /// `YYYYMMDDhhmmssZ`
    pub(crate) time: String,
    pub(crate) hash: &'static str,
    /// What is stamped, in place of the signature.
    pub(crate) stamped: Option<Vec<u8>>,
    pub(crate) signer: u8,
    pub(crate) signers: usize,
    pub(crate) scheme: &'static str,
    /// The name and number by which the signer's certificate is called.
    pub(crate) issuer: String,
    pub(crate) serial: u8,
    /// The attribute that says which certificate signed.
    pub(crate) names_certificate: &'static str,
    pub(crate) certificate: Option<Vec<u8>>,
    pub(crate) embedded: Vec<Vec<u8>>,
    /// What is said after it was signed.
    pub(crate) content: fn(&mut Vec<u8>),
}

impl TokenSpec {
    pub(crate) fn der(&self, signature: &[u8], authority: &Spec) -> Vec<u8> {
        let stamped = self.stamped.as_deref().unwrap_or(signature);
        let imprint = sequence(&[algorithm(self.hash), octets(Digest::sha256(stamped).bytes())]);
        let mut info = sequence(&[
            integer(1),
            oid("1.3.6.1.4.1.57264.2"),
            imprint,
            integer(7),
            tlv(24, &self.time),
            sequence(&[integer(1)]),
        ]);
        let digest = Digest::sha256(&info);
        (self.content)(&mut info);
        let certificate = self.certificate.clone().unwrap_or_else(|| authority.der());
        let named = sequence(&[sequence(&[sequence(&[octets(Digest::sha256(certificate).bytes())])])]);
        let attribute = |name: &str, value: Vec<u8>| sequence(&[oid(name), set(&[value])]);
        let attributes = [
            attribute("1.2.840.113549.1.9.3", oid(TST_INFO)),
            attribute("1.2.840.113549.1.9.4", octets(digest.bytes())),
            attribute(self.names_certificate, named),
        ]
        .concat();
        let by = key(self.signer).sign(&tlv(0x31, &attributes)).unwrap();
        let signer = sequence(&[
            integer(1),
            sequence(&[name(&self.issuer), integer(self.serial)]),
            algorithm(SHA256),
            context(0, attributes),
            algorithm(self.scheme),
            octets(by),
        ]);
        let mut parts =
            vec![integer(3), set(&[algorithm(SHA256)]), sequence(&[oid(TST_INFO), context(0, octets(info))])];
        if !self.embedded.is_empty() {
            parts.push(context(0, self.embedded.concat()));
        }
        parts.push(set(&vec![signer; self.signers]));
        sequence(&[
            sequence(&[integer(self.status)]),
            sequence(&[oid("1.2.840.113549.1.7.2"), context(0, sequence(&parts))]),
        ])
    }
}

const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
