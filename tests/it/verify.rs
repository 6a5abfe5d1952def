//! Verdicts on whole attestations.

use sbom_attest::keys::KeyType;

use crate::attested::Case;

#[test]
fn what_was_signed_and_logged_is_accepted() {
    for kind in [KeyType::P256, KeyType::Ed25519] {
        let verdict = Case::of(kind).accepted();
        println!("{}", serde_json::to_string_pretty(&verdict).unwrap());
        assert_eq!(verdict.verified().len(), 1);
    }
}
