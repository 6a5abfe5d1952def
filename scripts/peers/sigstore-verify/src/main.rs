//! `peer-sigstore-verify ARTIFACT BUNDLE PUBLIC_KEY TRUSTED_ROOT`: what the `sigstore-verify` crate says of a bundle.

use std::error::Error;
use std::process::ExitCode;

use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{Bundle, DerPublicKey};
use sigstore_verify::{PublicKeyVerificationPolicy, verify};

fn main() -> ExitCode {
    match check() {
        Ok(()) => {
            println!("accepted");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("refused: {error}");
            ExitCode::FAILURE
        }
    }
}

fn check() -> Result<(), Box<dyn Error>> {
    let [artifact, bundle, key, root] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "four arguments, see the head of the source")?;
    let artifact = std::fs::read(artifact)?;
    let bundle = Bundle::from_json(&std::fs::read_to_string(bundle)?)?;
    let key = DerPublicKey::from_pem(&std::fs::read_to_string(key)?)?;
    let root = TrustedRoot::from_json(&std::fs::read_to_string(root)?)?;
    let result = verify(artifact.as_slice(), &bundle, &PublicKeyVerificationPolicy::new(key), &root)?;
    if !result.tlog_verified() {
        return Err("the log entry was not verified".into());
    }
    Ok(())
}
