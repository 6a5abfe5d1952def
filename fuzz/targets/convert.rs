//! Any bytes as an SBOM of any format, and from there to every format and back: an answer, and JSON that can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sbom_attest::document::{Document, Error, Limits};
use sbom_attest::sbom::convert::{Loss, spdx2, spdx3};
use sbom_attest::sbom::{self, Format, Spdx2Version, SpecVersion};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let Ok(opened) = sbom::open(bytes.to_vec(), &limits) else { return };
    if let Ok(written) = sbom::write(&opened.document, opened.format)
        && matches!(opened.format, Format::CycloneDxJson(_) | Format::Spdx2Json(_) | Format::Spdx3Json)
    {
        assert_eq!(written.bytes, bytes, "its own format is the same bytes");
    }
    let now = jiff::Timestamp::UNIX_EPOCH;
    match opened.format {
        Format::CycloneDxJson(_) | Format::CycloneDxXml(_) => {
            for version in SpecVersion::ALL {
                let xml =
                    sbom::write(&opened.document, Format::CycloneDxXml(version)).expect("it can be written");
                sbom::open(xml.bytes, &limits).expect("what is written can be read");
            }
            for version in Spdx2Version::ALL {
                if let Some(made) = converted(spdx2::from_cyclonedx(&opened.document, version, now, &limits))
                {
                    converted(spdx2::to_cyclonedx(made, &limits));
                }
            }
            if let Some(made) = converted(spdx3::from_cyclonedx(&opened.document, now, &limits)) {
                let _ = spdx3::to_cyclonedx(made, &limits);
            }
        }
        Format::Spdx2Json(_) | Format::Spdx2TagValue(_) => {
            converted(spdx2::to_cyclonedx(opened.document, &limits));
        }
        Format::Spdx3Json => {
            let _ = spdx3::to_cyclonedx(opened.document, &limits);
        }
    }
});

/// What was made can be read, and every loss says where.
fn converted(made: Result<(Document, Vec<Loss>), Error>) -> Option<Document> {
    let (document, losses) = made.ok()?;
    assert!(losses.iter().all(|loss| loss.pointer.is_empty() || loss.pointer.starts_with('/')));
    let read = Document::parse(document.bytes().to_vec(), &Limits { depth: usize::MAX, ..Limits::default() });
    assert!(read.is_ok(), "what was made is JSON: {read:?}");
    Some(document)
}
