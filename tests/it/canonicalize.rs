//! `canonicalize`, and packed documents as every command reads them.

use std::io::Write as _;
use std::process::Stdio;

use crate::sandbox::{Answer, Sandbox};

const SBOM: &str = "{ \"specVersion\": \"1.6\", \"bomFormat\": \"CycloneDX\",\n \"version\": 1.0 }";
const CANONICAL: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn plain_packed_and_piped_documents_have_one_spelling() {
    let sandbox = Sandbox::empty();
    for (name, bytes) in
        [("plain", SBOM.into()), ("gzip", gzip(SBOM.as_bytes())), ("zstd", zstandard(SBOM.as_bytes()))]
    {
        sandbox.write(name, &bytes);
        assert_eq!(sandbox.expect(0, &["canonicalize", name]).stdout, CANONICAL);
        let mut command = sandbox.command(&["canonicalize", "-", "-o", "out"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        assert!(child.wait().unwrap().success());
        assert_eq!(sandbox.read("out"), CANONICAL.as_bytes());
        sandbox.expect(0, &["graph", name]);
    }
}

#[test]
fn what_has_no_one_spelling_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::empty();
    let bomb = gzip(&vec![b' '; 64 << 20]);
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("big", b"[1, {\"a\": 9007199254740993}]".to_vec(), "(`/1/a`) is an integer beyond 2^53 - 1"),
        ("twice", b"{\"a\":1,\"a\":2}".to_vec(), "duplicate key"),
        ("surrogate", br#"["\ud800"]"#.to_vec(), "surrogate"),
        ("cut.gz", gzip(SBOM.as_bytes())[..20].to_vec(), "the gzip data is broken"),
        ("bomb.gz", bomb, "unpacks to more than"),
    ];
    for (name, bytes, says) in cases {
        sandbox.write(name, bytes);
        let Answer { stderr, .. } = sandbox.expect(2, &["canonicalize", name, "-o", "out"]);
        assert!(stderr.contains(says), "{name}: {stderr}");
        assert!(!sandbox.path("out").exists());
    }
}
