//! Public keys as JSON Web Keys (RFC 7517; RFC 7518, section 6; RFC 8037, section 2), the members that JSF has and no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Error, PublicKey, rsa};
use crate::document::{Kind, Value};

impl PublicKey {
    /// Reads a JSON Web Key. Its members are exactly those of its kind, and every number has its full length.
    pub fn from_jwk(jwk: Value<'_>) -> Result<Self, Error> {
        if jwk.kind() != Kind::Object {
            return Err(Error::Jwk("it is not an object"));
        }
        let text = |name| jwk.get(name).and_then(|value| value.as_str());
        let exactly = |names: &[&str]| {
            if jwk.members().all(|(name, _)| names.contains(&&*name)) {
                Ok(())
            } else {
                Err(Error::Jwk("it has a member that a public key of its kind has not"))
            }
        };
        let number = |name, missing| bytes(&text(name).ok_or(Error::Jwk(missing))?);
        match text("kty").as_deref() {
            Some("EC") => {
                exactly(&["kty", "crv", "x", "y"])?;
                let curve = text("crv").ok_or(Error::Jwk("`crv` is missing"))?;
                point(&curve, &number("x", "`x` is missing")?, &number("y", "`y` is missing")?)
            }
            Some("OKP") => {
                exactly(&["kty", "crv", "x"])?;
                match text("crv").as_deref() {
                    Some("Ed25519") => {
                        let bytes = number("x", "`x` is missing")?;
                        let bytes =
                            bytes.as_slice().try_into().map_err(|_| Error::Jwk("`x` has not 32 bytes"))?;
                        Self::from_ed25519(bytes)
                    }
                    Some("Ed448") => Err(Error::Unsupported("Ed448".to_owned())),
                    _ => Err(Error::Jwk("`crv` is not Ed25519")),
                }
            }
            Some("RSA") => {
                exactly(&["kty", "n", "e"])?;
                let (modulus, exponent) = (number("n", "`n` is missing")?, number("e", "`e` is missing")?);
                Ok(Self::Rsa(rsa::PublicKey::from_parts(&modulus, &exponent)?))
            }
            _ => Err(Error::Jwk("`kty` is not EC, OKP or RSA")),
        }
    }

    /// The JSON Web Key, in one line; the members in the order in which RFC 7518 shows them.
    pub fn to_jwk(&self) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let ec = |curve: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            format!(r#"{{"kty": "EC", "crv": "{curve}", "x": "{}", "y": "{}"}}"#, encode(x), encode(y))
        };
        match self {
            Self::P256(key) => ec("P-256", key.to_sec1_point(false).as_bytes()),
            Self::P384(key) => ec("P-384", key.to_sec1_point(false).as_bytes()),
            Self::P521(key) => ec("P-521", key.to_sec1_point(false).as_bytes()),
            Self::Ed25519(key) => {
                format!(r#"{{"kty": "OKP", "crv": "Ed25519", "x": "{}"}}"#, encode(key.as_bytes()))
            }
            Self::Rsa(key) => {
                let (n, e) = (encode(&key.modulus()), encode(&key.exponent()));
                format!(r#"{{"kty": "RSA", "n": "{n}", "e": "{e}"}}"#)
            }
        }
    }
}

/// A point by its coordinates, each as long as the curve's field (RFC 7518, section 6.2.1.2).
fn point(curve: &str, x: &[u8], y: &[u8]) -> Result<PublicKey, Error> {
    let length = match curve {
        "P-256" => 32,
        "P-384" => 48,
        "P-521" => 66,
        _ => return Err(Error::Jwk("`crv` is not P-256, P-384 or P-521")),
    };
    if x.len() != length || y.len() != length {
        return Err(Error::Jwk("a coordinate has not the curve's length"));
    }
    let sec1 = [&[UNCOMPRESSED], x, y].concat();
    let off = Error::Jwk("it is no point of its curve");
    match length {
        32 => p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1).map(PublicKey::P256).map_err(|_| off),
        48 => p384::ecdsa::VerifyingKey::from_sec1_bytes(&sec1).map(PublicKey::P384).map_err(|_| off),
        _ => p521::ecdsa::VerifyingKey::from_sec1_bytes(&sec1).map(PublicKey::P521).map_err(|_| off),
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    // RSA numbers are the longest by far.
    if text.len() > MAX_NUMBER {
        return Err(Error::Jwk("a number is longer than that of any key"));
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Jwk("a number is not base64url without padding"))
}

/// SEC 1's mark of a point with both coordinates.
const UNCOMPRESSED: u8 = 4;
/// Characters of a number in base64url: 16,384 bits.
const MAX_NUMBER: usize = 2_731;
