//! The command `sbom-attest`.

fn main() -> std::process::ExitCode {
    sbom_attest::cli::main(sbom_attest::cli::Program::Standalone)
}
