//! Appends by processes that are killed at random points, one at a time and four at once. Whatever they left, the log
//! opens, verifies, and holds every entry that a process had acknowledged: had named on standard output, or had written
//! a bundle for.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use sbom_attest::attest::bundle::{Bundle, LogEntry};
use sbom_attest::attest::dsse;
use sbom_attest::keys::{KeyType, PrivateKey, Signer as _};
use sbom_attest::log::{self, View};
use sbom_attest::tlog::checkpoint::Checkpoint;

use crate::log_disk::Random;
use crate::sandbox::Sandbox;

/// A log, bundles to enter, and the processes that enter them.
struct Campaign {
    sandbox: Sandbox,
    random: Random,
    /// How long a process takes that nobody kills.
    usual: Duration,
    next: usize,
    kills: usize,
    /// What finished processes said about their bundles: name and index.
    said: BTreeMap<String, u64>,
}

impl Campaign {
    fn new(seed: u64) -> Self {
        let sandbox = Sandbox::empty();
        sandbox.expect(0, &["log", "init", "log"]);
        let mut campaign = Self {
            sandbox,
            random: Random::new(seed),
            usual: Duration::ZERO,
            next: 0,
            kills: 0,
            said: BTreeMap::new(),
        };
        let began = Instant::now();
        let process = campaign.start();
        campaign.finish(process);
        campaign.usual = began.elapsed();
        assert!(!campaign.said.is_empty(), "a process that nobody kills acknowledges");
        campaign
    }

    /// A process that enters some new bundles, and one that was entered or tried before.
    fn start(&mut self) -> Child {
        let count = 1 + self.random.below(3);
        let key = PrivateKey::from_seed(KeyType::P256, &[7; 32]).unwrap();
        let mut names: Vec<String> = Vec::new();
        for number in self.next..self.next + count {
            let envelope =
                dsse::sign(dsse::IN_TOTO, format!("{{\"n\":{number}}}").into_bytes(), &key).unwrap();
            let name = format!("{number}.json");
            self.sandbox.write(&name, Bundle::new(envelope, &key.public_key()).to_bytes());
            names.push(name);
        }
        if self.next > 0 {
            names.push(format!("{}.json", self.random.below(self.next)));
        }
        self.next += count;
        let options = ["log", "add", "log", "--out-dir", "out", "--format", "json"];
        let arguments: Vec<&str> = options.into_iter().chain(names.iter().map(String::as_str)).collect();
        self.sandbox.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits for a process and notes what it acknowledged.
    fn finish(&mut self, process: Child) {
        let output = process.wait_with_output().unwrap();
        match output.status.code() {
            None => self.kills += 1,
            Some(0) => {}
            Some(other) => panic!("exit {other}: {}", String::from_utf8_lossy(&output.stderr)),
        }
        // A report counts when it is whole, as anybody who reads it would say.
        let Ok(report) = serde_json::from_slice::<serde_json::Value>(&output.stdout) else { return };
        for entry in report["entries"].as_array().unwrap() {
            let name = entry["bundle"].as_str().unwrap().to_owned();
            self.said.insert(name, entry["index"].as_u64().unwrap());
        }
    }

    /// Runs processes side by side and kills each at a random moment of its usual life.
    fn kill(&mut self, processes: usize) {
        let began = Instant::now();
        let mut running: Vec<(Duration, Child)> = (0..processes)
            .map(|_| {
                let life = self.usual * u32::try_from(processes).unwrap();
                let share = u32::try_from(self.random.below(1000)).unwrap();
                (began.elapsed() + life * share / 1000, self.start())
            })
            .collect();
        running.sort_by_key(|(moment, _)| *moment);
        for (moment, mut process) in running {
            std::thread::sleep(moment.saturating_sub(began.elapsed()));
            process.kill().unwrap();
            self.finish(process);
        }
    }

    /// The bundles that were written, with their entries.
    fn written(&self) -> Vec<(String, LogEntry)> {
        let found = fs::read_dir(self.sandbox.path("out")).unwrap().map(|found| found.unwrap().path());
        // What is being written has a hidden name until it is whole.
        let bundles =
            found.filter(|path: &PathBuf| path.extension().is_some_and(|extension| extension == "json"));
        bundles
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                let bundle = Bundle::parse(&self.sandbox.read(&format!("out/{name}")));
                (name, bundle.unwrap().entry.unwrap())
            })
            .collect()
    }

    fn check(&mut self) {
        // One more process recovers what the last one left, and nothing else is needed.
        let process = self.start();
        self.finish(process);
        let folder = self.sandbox.path("log");
        let verified = log::verify(&folder).unwrap();
        let view = View::open(&folder).unwrap();
        assert_eq!((verified.size, verified.published), (view.size(), view.size()));
        for (name, entry) in self.written() {
            assert_eq!(view.entry(entry.log_index).unwrap(), entry.canonicalized_body, "{name}");
            let checkpoint =
                Checkpoint::open(entry.proof.as_ref().unwrap().checkpoint.as_bytes(), view.verifier())
                    .unwrap();
            assert_eq!(
                view.tree().root_at(checkpoint.size),
                Some(checkpoint.root),
                "{name}: one root a size"
            );
        }
        let key = PrivateKey::from_seed(KeyType::P256, &[7; 32]).unwrap().public_key();
        for (name, index) in &self.said {
            let bundle = Bundle::parse(&self.sandbox.read(name)).unwrap();
            let entry = sbom_attest::tlog::entry::HashedRekord::of_envelope(bundle.envelope().unwrap(), &key)
                .unwrap();
            assert_eq!(view.find(&entry.leaf_hash()).unwrap(), *index, "{name}");
        }
    }
}

#[test]
fn one_process_killed_at_any_moment_loses_nothing_it_acknowledged() {
    let mut campaign = Campaign::new(1);
    while campaign.kills < KILLS {
        campaign.kill(1);
    }
    campaign.check();
}

#[test]
fn four_processes_killed_at_any_moment_lose_nothing_they_acknowledged() {
    let mut campaign = Campaign::new(2);
    while campaign.kills < KILLS {
        campaign.kill(4);
    }
    campaign.check();
}

/// How many processes are killed, in each of the two tests.
const KILLS: usize = 200;
