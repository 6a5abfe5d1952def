//! A folder of one's own for running the program: a small Cargo project, and a home with nothing in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// An empty folder with a home.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder that is a Cargo project, `hello` 1.0.0, without dependencies.
    pub(crate) fn project() -> Self {
        let sandbox = Self::empty();
        sandbox.write(
            "Cargo.toml",
            "[package]\nname = \"hello\"\nversion = \"1.0.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n",
        );
        sandbox.write("Cargo.lock", "version = 4\n\n[[package]]\nname = \"hello\"\nversion = \"1.0.0\"\n");
        sandbox.write("src/main.rs", "fn main() {\n    println!(\"hello\");\n}\n");
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its inputs")]
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "a test reads what was made")]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    /// The program, about to run in the folder with a home of its own.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sbom-attest"));
        self.isolate(&mut command);
        command.args(arguments);
        command
    }

    /// Keeps a process away from the user's settings; cargo's caches stay where they are.
    pub(crate) fn isolate(&self, command: &mut Command) {
        let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(
            || Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
            PathBuf::from,
        );
        let rustup_home = std::env::var_os("RUSTUP_HOME").map_or_else(
            || Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".rustup"),
            PathBuf::from,
        );
        command
            .current_dir(self.folder.path())
            .env("HOME", self.path("home"))
            .env("CARGO_HOME", cargo_home)
            .env("RUSTUP_HOME", rustup_home)
            .env("XDG_DATA_HOME", self.path("data"))
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("COSIGN_PASSWORD")
            .stdin(Stdio::null());
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        Answer::from(self.command(arguments).output().unwrap())
    }

    /// Runs and demands an exit status, showing what was said otherwise.
    pub(crate) fn expect(&self, status: i32, arguments: &[&str]) -> Answer {
        let answer = self.run(arguments);
        assert_eq!(answer.status, status, "{arguments:?}\n{}\n{}", answer.stdout, answer.stderr);
        answer
    }
}

/// What a run said.
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or_else(|| panic!("ended by a signal: {:?}", output.status)),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
