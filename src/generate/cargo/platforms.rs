//! Where a build runs and what it is for, and the `--cfg` flags of each.
//!
//! A dependency under `[target.'cfg(…)']` is active when rustc's cfgs for that platform fulfil the expression
//! (<https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#platform-specific-dependencies>). The cfgs of
//! a triple are in guppy's tables; those that flags add are given here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use guppy::platform::{self, PlatformSpec, TargetFeatures};

use crate::generate::Error;

/// A flag as in `--cfg name` or `--cfg name="value"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cfg {
    name: String,
    value: Option<String>,
}

impl FromStr for Cfg {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::Cfg(text.to_owned());
        let (name, value) = match text.split_once('=') {
            None => (text, None),
            Some((name, value)) => {
                let value = value
                    .trim()
                    .strip_prefix('"')
                    .and_then(|value| value.strip_suffix('"'))
                    .filter(|value| !value.contains(['"', '\\']) && !value.contains(char::is_control))
                    .ok_or_else(refused)?;
                (name, Some(value.to_owned()))
            }
        };
        let name = name.trim();
        let identifier = name.chars().enumerate().all(|(at, character)| {
            character == '_' || character.is_ascii_alphabetic() || (at > 0 && character.is_ascii_digit())
        });
        if name.is_empty() || !identifier {
            return Err(refused());
        }
        Ok(Self { name: name.to_owned(), value })
    }
}

impl fmt::Display for Cfg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            None => f.write_str(&self.name),
            Some(value) => write!(f, "{}=\"{value}\"", self.name),
        }
    }
}

/// One platform, before it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// The target triple.
    pub triple: String,
    /// The flags that are added.
    pub cfgs: BTreeSet<Cfg>,
    /// What rustc prints as `target_feature` for it; none: the baseline of its architecture.
    pub target_features: Option<BTreeSet<String>>,
}

impl Platform {
    /// A platform without flags.
    pub fn new(triple: impl Into<String>) -> Self {
        Self { triple: triple.into(), cfgs: BTreeSet::new(), target_features: None }
    }
}

/// Where it is built, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platforms {
    /// Where rustc runs: build scripts and procedural macros are built for it.
    pub host: Platform,
    /// What the product is built for, at least one.
    pub targets: Vec<Platform>,
}

impl Platforms {
    /// A build for the host alone, without flags.
    pub fn native(triple: &str) -> Self {
        Self { host: Platform::new(triple), targets: vec![Platform::new(triple)] }
    }

    fn each(&self) -> impl Iterator<Item = &Platform> {
        std::iter::once(&self.host).chain(&self.targets)
    }

    /// Names for the flags that have a value.
    pub(super) fn cfg_names(&self) -> CfgNames {
        let valued = self.each().flat_map(|platform| &platform.cfgs).filter(|cfg| cfg.value.is_some());
        CfgNames(valued.cloned().collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Looks the platforms up.
    pub(super) fn resolve(&self, names: &CfgNames) -> Result<Resolved, Error> {
        let one =
            |platform: &Platform| -> Result<PlatformSpec, Error> { Ok(names.resolve(platform)?.into()) };
        let mut targets = self.targets.iter().map(one).collect::<Result<Vec<_>, _>>()?;
        if targets.is_empty() {
            targets.push(one(&self.host)?);
        }
        Ok(Resolved { host: one(&self.host)?, targets })
    }
}

/// The platforms as guppy evaluates them.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) host: PlatformSpec,
    /// Each holds one platform.
    pub(super) targets: Vec<PlatformSpec>,
}

impl Resolved {
    /// Every target at once: one cargo call unifies features over all its targets.
    pub(super) fn all_targets(&self) -> PlatformSpec {
        let platforms = self.targets.iter().filter_map(|spec| match spec {
            PlatformSpec::Platforms(platforms) => Some(platforms.clone()),
            _ => None,
        });
        PlatformSpec::Platforms(platforms.flatten().collect())
    }
}

/// guppy knows flags without a value only; one with a value gets a name of its own in the metadata.
#[derive(Debug, Clone)]
pub(super) struct CfgNames(Vec<Cfg>);

impl CfgNames {
    fn name(at: usize) -> String {
        format!("sbom_attest_cfg_{at}")
    }

    /// The metadata with every `name = "value"` of these flags replaced. Cargo prints cfg expressions in one
    /// spelling, whatever the manifest's.
    pub(super) fn rename<'a>(&self, metadata: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(metadata);
        for (at, cfg) in self.0.iter().enumerate() {
            let Some(value) = &cfg.value else { continue };
            let spelled = format!("{} = \\\"{value}\\\"", cfg.name);
            if text.contains(&spelled) {
                text = Cow::Owned(text.replace(&spelled, &Self::name(at)));
            }
        }
        text
    }

    fn resolve(&self, platform: &Platform) -> Result<Arc<platform::Platform>, Error> {
        let features = match &platform.target_features {
            Some(features) => TargetFeatures::features(features.iter().cloned()),
            None => TargetFeatures::features(baseline(&platform.triple).iter().copied()),
        };
        let mut resolved = platform::Platform::new_strict(platform.triple.clone(), features)
            .map_err(|_| Error::Target(platform.triple.clone()))?;
        let flags = platform.cfgs.iter().map(|cfg| match self.0.iter().position(|named| named == cfg) {
            Some(at) => Self::name(at),
            None => cfg.name.clone(),
        });
        resolved.add_flags(flags);
        Ok(Arc::new(resolved))
    }
}

/// What rustc switches on for the common architectures when it is not told otherwise.
fn baseline(triple: &str) -> &'static [&'static str] {
    match triple.split('-').next() {
        Some("x86_64" | "i686" | "i586") => &["fxsr", "sse", "sse2"],
        Some("aarch64" | "arm64") => &["neon"],
        Some("wasm32") => &[
            "bulk-memory",
            "multivalue",
            "mutable-globals",
            "nontrapping-fptoint",
            "reference-types",
            "sign-ext",
        ],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_cfg_is_refused() {
        for text in ["", "a b", "1a", "a=", "a=b", "a=\"b", "a=\"b\"c\"", "cfg(a)", "a=\"\n\"", "--cfg"] {
            assert!(matches!(text.parse::<Cfg>(), Err(Error::Cfg(_))), "{text:?}");
        }
    }

    #[test]
    fn a_cfg_prints_as_it_is_written() {
        for text in ["tokio_unstable", "getrandom_backend=\"wasm_js\"", "a=\"\""] {
            assert_eq!(text.parse::<Cfg>().unwrap().to_string(), text);
        }
        assert_eq!("a = \"b\"".parse::<Cfg>().unwrap().to_string(), "a=\"b\"");
    }

    #[test]
    fn a_cfg_with_a_value_becomes_a_name_in_the_metadata() {
        let mut platforms = Platforms::native("x86_64-unknown-linux-gnu");
        platforms.targets[0].cfgs = ["backend=\"js\"", "plain"].map(|cfg| cfg.parse().unwrap()).into();
        let names = platforms.cfg_names();
        let text = r#""target":"cfg(all(unix, backend = \"js\"))""#;
        assert_eq!(names.rename(text), r#""target":"cfg(all(unix, sbom_attest_cfg_0))""#);
        let resolved = names.resolve(&platforms.targets[0]).unwrap();
        assert!(resolved.has_flag("sbom_attest_cfg_0") && resolved.has_flag("plain"));
        assert!(!names.resolve(&platforms.host).unwrap().has_flag("sbom_attest_cfg_0"));
    }

    #[test]
    fn an_unknown_triple_is_refused_and_not_guessed() {
        let platforms = Platforms::native("x86_64-unknown-linux-gnuu");
        assert!(matches!(platforms.resolve(&platforms.cfg_names()), Err(Error::Target(_))));
    }
}
