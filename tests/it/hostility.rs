//! Interruptions, races, clocks, and names given by mistake: none of them loses anything or ends in a wrong answer.

use std::process::Stdio;

use sbom_attest::log::Setup;
use sbom_attest::log::store::{DirectoryStore, Part};

use crate::sandbox::{Answer, Sandbox};

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#;

/// A folder with an artifact, an SBOM and a key.
fn signer() -> Sandbox {
    let sandbox = Sandbox::project();
    sandbox.write("app", "shipped\n");
    sandbox.write("sbom.json", SBOM);
    sandbox.expect(0, &["key", "generate", "-o", "key.pem"]);
    sandbox
}

#[track_caller]
fn no_telling(answer: &Answer, says: &str) {
    assert_eq!(answer.status, 2, "{}\n{}", answer.stdout, answer.stderr);
    assert!(answer.stderr.contains(says), "{says:?} is not said:\n{}", answer.stderr);
}

#[test]
fn a_release_under_an_earlier_clock_than_its_logs_is_accepted_by_its_own_buyer() {
    let sandbox = signer();
    let attest = ["attest", "--artifact", "app", "--out", "out", "--at", "2026-01-01T00:00:00Z"];
    sandbox.expect(0, &attest);
    let mut earlier = attest;
    earlier[6] = "2020-01-01T00:00:00Z";
    let answer = sandbox.expect(0, &earlier);
    assert!(answer.stdout.starts_with("ACCEPTED"), "{}", answer.stdout);
    assert_eq!(
        sandbox.json("out/hello-1.0.0.cdx.json")["metadata"]["timestamp"],
        "2020-01-01T00:00:00Z",
        "documents have the clock that was set"
    );
    let epoch = sandbox.command(&attest[..5]).env("SOURCE_DATE_EPOCH", "0").output().unwrap();
    assert_eq!(Answer::from(epoch).status, 0);
    let verify = [
        "verify",
        "app",
        "--bundle",
        "out/hello-1.0.0.sigstore.json",
        "--key",
        "out/hello-1.0.0.pub",
        "--trusted-root",
        "out/trusted_root.json",
        "--at",
    ];
    sandbox.expect(0, &[&verify[..], &["2026-01-01T00:00:00Z"]].concat());
    // A buyer whose clock stands before the log was made is told that it is the clock.
    let refused = sandbox.expect(1, &[&verify[..], &["2025-12-31T23:59:59Z"]].concat());
    assert!(refused.stdout.contains("log-key-window"), "{}", refused.stdout);
    assert!(refused.stdout.contains("does not count yet"), "{}", refused.stdout);
}

#[test]
fn a_clock_that_no_client_could_read_is_refused() {
    let sandbox = signer();
    let init =
        sandbox.command(&["log", "init", "log"]).env("SOURCE_DATE_EPOCH", "-62135596801").output().unwrap();
    no_telling(&Answer::from(init), "before the year 1");
    assert!(!sandbox.path("log").exists());
    let init =
        sandbox.command(&["log", "init", "log"]).env("SOURCE_DATE_EPOCH", "-62135596800").output().unwrap();
    assert_eq!(Answer::from(init).status, 0);
    let root = sandbox.expect(0, &["log", "trust", "log"]).stdout;
    assert!(root.contains("\"0001-01-01T00:00:00Z\""), "{root}");
}

#[test]
fn standard_input_stands_for_one_file() {
    let sandbox = signer();
    sandbox.expect(0, &["sign", "app", "--predicate", "sbom.json", "--key", "key.pem", "-o", "b.json"]);
    let verify = |arguments: &[&str], input: &str| {
        let all = [&["verify", "app", "--accept-unlogged"], arguments].concat();
        let input = std::fs::File::open(sandbox.path(input)).unwrap();
        Answer::from(sandbox.command(&all).stdin(Stdio::from(input)).output().unwrap())
    };
    assert_eq!(verify(&["--bundle", "-", "--key", "key.pem.pub"], "b.json").status, 0);
    assert_eq!(verify(&["--bundle", "b.json", "--key", "-"], "key.pem.pub").status, 0);
    no_telling(&verify(&["--bundle", "-", "--key", "-"], "key.pem.pub"), "one file alone");
    let two = ["--bundle", "-", "--sbom", "-", "--key", "key.pem.pub"];
    no_telling(&verify(&two, "b.json"), "one file alone");
}

#[test]
fn a_private_key_may_come_from_standard_input_and_never_goes_to_standard_output() {
    let sandbox = signer();
    let sign = ["sign", "app", "--predicate", "sbom.json", "--key", "-", "-o", "b.json"];
    let key = std::fs::File::open(sandbox.path("key.pem")).unwrap();
    assert_eq!(Answer::from(sandbox.command(&sign).stdin(Stdio::from(key)).output().unwrap()).status, 0);
    sandbox.expect(0, &["verify", "app", "--bundle", "b.json", "--key", "key.pem.pub", "--accept-unlogged"]);
    no_telling(&sandbox.run(&["key", "generate", "-o", "-"]), "two files");
    assert!(!sandbox.path("-").exists() && !sandbox.path("-.pub").exists());
    let empty = sandbox.run(&["attest", "--artifact", "app", "--out", "out", "--key", "-"]);
    no_telling(&empty, "no PEM block");
    assert!(!sandbox.path("-").exists() && !sandbox.path("data/sbom-attest/log").exists());
}

#[test]
fn an_output_never_replaces_the_key_or_what_is_shipped() {
    let sandbox = signer();
    let key = sandbox.read("key.pem");
    sandbox.expect(0, &["log", "init", "log"]);
    let before = sandbox.expect(0, &["log", "checkpoint", "log"]).stdout;
    let sign = |output: &str| {
        let log = ["sign", "app", "--predicate", "sbom.json", "--key", "key.pem", "--log", "dir:log", "-o"];
        sandbox.run(&[&log[..], &[output]].concat())
    };
    for output in ["key.pem", "app", "./app", "src/../app"] {
        no_telling(&sign(output), "must not be replaced");
    }
    assert_eq!(sandbox.expect(0, &["log", "checkpoint", "log"]).stdout, before, "nothing was entered");
    no_telling(&sandbox.run(&["key", "public", "key.pem", "-o", "key.pem"]), "must not be replaced");
    let log_key = sandbox.read("log/log.key");
    no_telling(&sandbox.run(&["log", "trust", "log", "-o", "log/log.key"]), "must not be replaced");
    assert_eq!(sandbox.read("log/log.key"), log_key);
    let attest = ["attest", "--artifact", "app", "--out", "out", "--report", "app"];
    no_telling(&sandbox.run(&attest), "must not be replaced");
    // An artifact that lies where an output goes.
    sandbox.write("out/hello-1.0.0.pub", "shipped\n");
    let attest = ["attest", "--artifact", "out/hello-1.0.0.pub", "--log", "log", "--out", "out"];
    no_telling(&sandbox.run(&attest), "must not be replaced");
    assert_eq!(sandbox.expect(0, &["log", "checkpoint", "log"]).stdout, before, "nothing was entered");
    assert_eq!(sandbox.read("out/hello-1.0.0.pub"), b"shipped\n");
    assert_eq!((sandbox.read("key.pem"), sandbox.read("app")), (key, b"shipped\n".to_vec()));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let sandbox = signer();
    // A named pipe stands for /dev/null and /dev/stdout, which root could replace.
    let pipe = sandbox.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || sbom_attest::files::read(pipe, 1 << 20).unwrap())
    };
    sandbox.expect(0, &["sign", "app", "--predicate", "sbom.json", "--key", "key.pem", "-o", "pipe"]);
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    sandbox.write("b.json", reader.join().unwrap());
    sandbox.expect(0, &["verify", "app", "--bundle", "b.json", "--key", "key.pem.pub", "--accept-unlogged"]);
}

#[cfg(unix)]
#[test]
fn the_users_own_folder_is_his_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = signer();
    sandbox.expect(0, &["attest", "--artifact", "app", "--out", "out"]);
    let mode = |name: &str| std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data/sbom-attest"), 0o700);
    assert_eq!(mode("data/sbom-attest/log/log.key"), 0o600);
    assert_eq!(mode("out") & 0o500, 0o500);
}

/// An interruption at any moment: the exit status is the contract's, and there is a whole log or nothing at all.
#[cfg(unix)]
#[test]
fn an_interrupted_making_of_a_log_leaves_a_whole_one_or_nothing() {
    let sandbox = signer();
    let mut interrupted = 0;
    for round in 0..60 {
        let home = format!("home{round}");
        std::fs::create_dir(sandbox.path(&home)).unwrap();
        let child = sandbox
            .command(&["log", "init", &format!("{home}/log")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // As soon as the stage is there, and a little later each time.
        while std::fs::read_dir(sandbox.path(&home)).unwrap().next().is_none() {
            std::hint::spin_loop();
        }
        for _ in 0..round * 2000 {
            std::hint::spin_loop();
        }
        let kill = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).output();
        drop(kill);
        let answer = Answer::from(child.wait_with_output().unwrap());
        assert!([0, 2].contains(&answer.status), "{}", answer.status);
        interrupted += usize::from(answer.status == 2);
        let names: Vec<_> =
            std::fs::read_dir(sandbox.path(&home)).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert!(names.is_empty() && answer.status == 2 || names == ["log"], "{names:?}");
        if !names.is_empty() {
            sandbox.expect(0, &["log", "verify", &format!("{home}/log")]);
        }
    }
    assert!(interrupted > 0, "some of them were interrupted");
}

/// Every state in which the making of a log in an empty folder can be interrupted.
#[test]
fn a_log_whose_making_was_interrupted_is_made_by_the_next_attempt() {
    let parts = ["wal", "log.key", "genesis.json", "checkpoint", "log.vkey"];
    for moved in 0..=parts.len() {
        let sandbox = signer();
        sandbox.expect(0, &["log", "init", "made"]);
        let stage = sandbox.path("log/.sbom-attest-log-abcdef");
        std::fs::create_dir_all(stage.parent().unwrap()).unwrap();
        std::fs::rename(sandbox.path("made"), &stage).unwrap();
        sandbox.write("log/lock", "");
        for name in &parts[..moved] {
            std::fs::rename(stage.join(name), sandbox.path("log").join(name)).unwrap();
        }
        let attest = ["attest", "--artifact", "app", "--out", "out", "--log", "log"];
        sandbox.expect(0, &attest);
        sandbox.expect(0, &["log", "verify", "log"]);
        sandbox.expect(0, &attest);
        let whole = moved == parts.len();
        assert_eq!(stage.exists(), whole, "what was left of {moved} moves is cleared away");
    }
    // Not filled yet.
    let sandbox = signer();
    sandbox.write("log/.sbom-attest-log-abcdef/wal/00000000000000000000-0000.wal", "");
    sandbox.write("log/.sbom-attest-log-abcdef/log.key", "");
    sandbox.expect(0, &["log", "init", "log"]);
    sandbox.expect(0, &["log", "verify", "log"]);
}

#[test]
fn a_folder_that_lost_its_vkey_or_is_somebody_elses_is_left_alone() {
    let sandbox = signer();
    sandbox.expect(0, &["log", "init", "log"]);
    std::fs::remove_file(sandbox.path("log/log.vkey")).unwrap();
    // Stale, from an interruption after the log was whole.
    sandbox.write("log/.sbom-attest-log-abcdef/lock", "");
    let key = sandbox.read("log/log.key");
    let attest = ["attest", "--artifact", "app", "--out", "out", "--log"];
    no_telling(&sandbox.run(&[&attest[..], &["log"]].concat()), "log.vkey` is missing");
    no_telling(&sandbox.run(&["log", "init", "log"]), "log.vkey` is missing");
    assert_eq!(sandbox.read("log/log.key"), key);
    sandbox.write("other/notes.txt", "mine");
    sandbox.write("other/.sbom-attest-log-abcdef/log.vkey", "");
    no_telling(&sandbox.run(&[&attest[..], &["other"]].concat()), "not empty");
    assert_eq!(std::fs::read_dir(sandbox.path("other")).unwrap().count(), 2);
}

#[test]
fn of_many_first_runs_at_once_each_makes_its_release_with_one_key_and_one_log() {
    for existing in [false, true] {
        let sandbox = signer();
        if existing {
            std::fs::create_dir_all(sandbox.path("data/sbom-attest/log")).unwrap();
        }
        let children: Vec<_> = (0..4)
            .map(|number| {
                let out = format!("out{number}");
                let mut command = sandbox.command(&["attest", "--artifact", "app", "--out", &out]);
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let answer = Answer::from(child.wait_with_output().unwrap());
            assert_eq!(answer.status, 0, "{}\n{}", answer.stdout, answer.stderr);
        }
        for number in 1..4 {
            for name in ["hello-1.0.0.pub", "trusted_root.json"] {
                let [one, other] = [0, number].map(|number| sandbox.read(&format!("out{number}/{name}")));
                assert_eq!(one, other);
            }
        }
        sandbox.expect(0, &["log", "verify", "data/sbom-attest/log"]);
    }
}

#[test]
fn a_generation_that_cannot_be_followed_is_refused_and_not_overflowed() {
    let sandbox = signer();
    sandbox.expect(0, &["log", "init", "log"]);
    let wal = sandbox.path("log/wal");
    let [from, to] = ["0000", "4294967295"].map(|generation| wal.join(format!("{:020}-{generation}.wal", 0)));
    std::fs::rename(from, &to).unwrap();
    std::fs::remove_file(sandbox.path("log/checkpoint")).unwrap();
    let answer = sandbox.run(&["log", "checkpoint", "log"]);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
}

#[test]
fn no_debug_text_shows_a_logs_key() {
    let setup = Setup::at("2026-01-01T00:00:00Z".parse().unwrap());
    let (_, store) = sbom_attest::log::Log::in_memory(setup).unwrap();
    assert_eq!(format!("{store:?}"), "MemoryStore(1 frames)");
    // The stores on disk show nothing: they have no such text.
    let _ = (Part::Key, DirectoryStore::open("nowhere").err());
}
