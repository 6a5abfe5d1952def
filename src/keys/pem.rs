//! The textual frame of keys: one block, nothing around it.
//!
//! Format: RFC 7468, strict on labels and base64, lax on line length and line ends as its section 3 asks of readers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::elliptic_curve::zeroize::Zeroizing;

use super::Error;

/// A block: what it claims to be, and its bytes, wiped when dropped.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// Reads the one block of a file.
pub(super) fn decode(file: &[u8]) -> Result<Block, Error> {
    if file.len() > MAX_PEM {
        return Err(Error::TooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| Error::NotPem)?;
    let (before, rest) = text.split_once(BEGIN).ok_or(Error::NotPem)?;
    let (label, rest) = rest.split_once(DASHES).ok_or(Error::Armour("its first line does not end"))?;
    if label.is_empty() || label.contains(['\n', '\r', '-']) {
        return Err(Error::Armour("its label is not one line of text"));
    }
    let (body, rest) = rest.split_once(END).ok_or(Error::Armour("there is no END line"))?;
    let after = rest
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix(DASHES))
        .ok_or(Error::Armour("the END line has another label"))?;
    if after.contains(BEGIN) || body.contains(BEGIN) {
        return Err(Error::SeveralBlocks);
    }
    if !before.trim().is_empty() || !after.trim().is_empty() {
        return Err(Error::Surroundings);
    }
    let body = Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
    if body.is_empty() {
        return Err(Error::Armour("it is empty"));
    }
    let bytes = STANDARD.decode(body.as_bytes()).map_err(|_| Error::Armour("its body is not base64"))?;
    Ok(Block { label: label.to_owned(), bytes: Zeroizing::new(bytes) })
}

/// The label and the bytes of the one block of a file that holds no secret.
pub(crate) fn read_block(file: &[u8]) -> Result<(String, Vec<u8>), Error> {
    decode(file).map(|block| (block.label, block.bytes.to_vec()))
}

/// Writes a block: 64 characters a line, line feeds.
pub(super) fn encode(label: &str, bytes: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(bytes));
    // Reserved in full, so that no growing leaves a copy of a secret behind.
    let mut text =
        Zeroizing::new(String::with_capacity(body.len() + body.len() / LINE + label.len() * 2 + 64));
    text.extend([BEGIN, label, DASHES, "\n"]);
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(LINE));
        text.extend([line, "\n"]);
        rest = tail;
    }
    text.extend([END, label, DASHES, "\n"]);
    text
}

/// The most bytes a key file has. An RSA-16384 private key, the largest that is met, needs 13 KiB.
pub const MAX_PEM: usize = 64 * 1024;

pub(super) const PRIVATE_KEY: &str = "PRIVATE KEY";
pub(super) const PUBLIC_KEY: &str = "PUBLIC KEY";
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
const LINE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(file: &str, error: Error) {
        assert_eq!(decode(file.as_bytes()).err(), Some(error));
    }

    #[test]
    fn a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
        let block = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
        let padded = format!("{block}{}", " ".repeat(MAX_PEM - block.len()));
        assert!(decode(padded.as_bytes()).is_ok());
        refused(&format!("{padded} "), Error::TooLarge);
    }

    #[test]
    fn a_broken_frame_is_refused_with_what_is_broken() {
        refused("", Error::NotPem);
        refused("AAAA", Error::NotPem);
        assert_eq!(decode(b"\xff").err(), Some(Error::NotPem));
        refused("-----BEGIN X", Error::Armour("its first line does not end"));
        refused("-----BEGIN -----\nAAAA\n-----END -----", Error::Armour("its label is not one line of text"));
        refused("-----BEGIN X-----\nAAAA\n", Error::Armour("there is no END line"));
        refused("-----BEGIN X-----\nAAAA\n-----END Y-----", Error::Armour("the END line has another label"));
        refused("-----BEGIN X-----\n-----END X-----", Error::Armour("it is empty"));
        refused("-----BEGIN X-----\nAA=A\n-----END X-----", Error::Armour("its body is not base64"));
        refused("-----BEGIN X-----\nAB==\n-----END X-----", Error::Armour("its body is not base64"));
    }

    #[test]
    fn nothing_stands_around_the_one_block() {
        let block = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
        refused(&format!("hello\n{block}"), Error::Surroundings);
        refused(&format!("{block}hello"), Error::Surroundings);
        refused(&format!("{block}{block}"), Error::SeveralBlocks);
        assert_eq!(*decode(format!("\r\n{}", block.replace('\n', "\r\n")).as_bytes()).unwrap().bytes, [0; 3]);
    }

    #[test]
    fn what_is_written_reads_back() {
        for length in [1, 47, 48, 49, 200] {
            let text = encode("X", &vec![7; length]);
            assert_eq!(*decode(text.as_bytes()).unwrap().bytes, vec![7; length]);
            assert!(text.lines().all(|line| line.len() <= LINE));
        }
    }
}
