//! Any bytes as SPDX tag-value: an answer, and what is written of what was read reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sbom_attest::document::Limits;
use sbom_attest::sbom::{self, spdx2};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let judged = sbom::validate(bytes.to_vec(), &limits, "fuzz.spdx", jiff::Timestamp::UNIX_EPOCH);
    let Ok(read) = spdx2::read(bytes.to_vec(), &limits) else { return };
    for oddity in &read.oddities {
        assert!(read.position(oddity).offset <= bytes.len() as u64);
    }
    let written = spdx2::write(&read.document).bytes;
    if written.is_empty() {
        return; // Nothing of it was understood, and all of it is told as lost.
    }
    let again = spdx2::read(written.clone(), &limits).expect("what is written can be read");
    // Of what breaks the specification there is no one way to write it: of two files with one id, which stands where is
    // anyone's guess. A blank line more or less says nothing.
    let is_unique = judged.findings.iter().all(|finding| finding.rule != "spdx-id-duplicate");
    if read.oddities.is_empty() && judged.valid && is_unique {
        let lines = |bytes: &[u8]| -> Vec<String> {
            String::from_utf8_lossy(bytes)
                .lines()
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let twice = spdx2::write(&again.document).bytes;
        assert_eq!(lines(&twice), lines(&written), "it is written the same again");
    }
});
