//! What a new user sees: the sessions in `tests/cmd/` go as they are written there, run in the project's folder.
//!
//! `TRYCMD=overwrite` accepts what is said now; read the difference before it is committed.

#[test]
fn sessions_go_as_they_are_written() {
    let nowhere = tempfile::tempdir().unwrap();
    let home = nowhere.path().to_string_lossy();
    trycmd::TestCases::new()
        .register_bin("sbom-attest", std::path::Path::new(env!("CARGO_BIN_EXE_sbom-attest")))
        .env("XDG_DATA_HOME", home.clone())
        // An index that is not there: what cargo happened to fetch is no part of a session.
        .env("CARGO_HOME", home)
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .case("tests/cmd/*/*.trycmd");
}
