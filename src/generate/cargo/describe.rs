//! From a resolution to an inventory: what each package is said to be.

use std::collections::{BTreeMap, BTreeSet};

use guppy::PackageId;
use guppy::graph::{PackageGraph, PackageMetadata};

use super::identity::Origin;
use super::resolution::{Resolution, Role, Used};
use super::selection::{self, Selection};
use super::{Crate, Features, Inputs};
use crate::generate::inventory::{Author, Inventory, Item, Kind, License, ReferenceKind, Scope};
use crate::generate::{Root, TargetKind, license};
use crate::sbom::properties;

/// The inventory, and what else is to be said about it.
pub(super) struct Described {
    pub(super) inventory: Inventory,
    pub(super) roots: Vec<Root>,
    pub(super) crates: Vec<Crate>,
}

pub(super) fn describe<'g>(
    graph: &'g PackageGraph,
    selection: &Selection<'g>,
    resolution: &Resolution<'g>,
    inputs: &Inputs<'_>,
) -> Described {
    let names = Names::new(graph, resolution);
    let mut items = BTreeMap::new();
    let mut dependencies = BTreeMap::new();
    let mut crates = Vec::new();
    for (id, used) in &resolution.packages {
        let (bom_ref, origin) = names.of(id);
        let mut item = item(used, bom_ref, origin);
        if let Origin::Registry(source) = origin {
            let version = used.package.version();
            item.digest = inputs.lock.and_then(|lock| lock.digest(used.package.name(), version, source));
            crates.push(Crate {
                bom_ref: bom_ref.to_owned(),
                name: used.package.name().to_owned(),
                version: version.to_string(),
                source: source.clone(),
                digest: item.digest.clone(),
            });
        }
        let mut targets = BTreeSet::new();
        for (to, kinds) in &used.dependencies {
            let to = names.of(to).0;
            if kinds.build {
                item.note(properties::BUILD_DEPENDENCY, to);
                if kinds.normal {
                    item.note(properties::NORMAL_DEPENDENCY, to);
                }
            }
            targets.insert(to.to_owned());
        }
        dependencies.insert(bom_ref.to_owned(), targets);
        items.insert(bom_ref.to_owned(), item);
    }
    crates.sort_by(|a, b| a.bom_ref.cmp(&b.bom_ref));

    let roots: Vec<_> = selection.roots.iter().map(|root| shipped(root, resolution, &names)).collect();
    for root in &roots {
        if let Some(item) = items.get_mut(&root.bom_ref)
            && root.targets.iter().any(|target| target.kind == TargetKind::Program)
        {
            item.kind = Kind::Application;
        }
    }
    let product = match &roots[..] {
        [root] => items.remove(&root.bom_ref),
        _ => None,
    };
    let mut product = product.unwrap_or_else(|| workspace(graph, selection));
    product.scope = None;
    if roots.len() > 1 {
        dependencies.insert(product.bom_ref.clone(), roots.iter().map(|root| root.bom_ref.clone()).collect());
    }
    let properties = selected(inputs, &roots);
    Described { inventory: Inventory { product, items, dependencies, properties }, roots, crates }
}

/// The bom-ref and origin of every package.
struct Names<'g>(BTreeMap<&'g PackageId, (String, Origin)>);

impl<'g> Names<'g> {
    fn new(graph: &'g PackageGraph, resolution: &Resolution<'g>) -> Self {
        let workspace_root = graph.workspace().root().as_str();
        let mut taken = BTreeSet::new();
        let mut names = BTreeMap::new();
        for (id, used) in &resolution.packages {
            let origin = Origin::of(&used.package, workspace_root);
            let plain = origin.bom_ref(used.package.name(), &used.package.version().to_string());
            // Two packages of one name from places that cannot be told apart here must not become one.
            let mut bom_ref = plain.clone();
            let mut count = 1;
            while !taken.insert(bom_ref.clone()) {
                count += 1;
                bom_ref = format!("{plain}~{count}");
            }
            names.insert(*id, (bom_ref, origin));
        }
        Self(names)
    }

    fn of(&self, id: &PackageId) -> (&str, &Origin) {
        // The walk recorded every package that an edge leads to.
        self.0.get(id).map_or(("", &Origin::Local(None)), |(bom_ref, origin)| (bom_ref, origin))
    }
}

fn item(used: &Used<'_>, bom_ref: &str, origin: &Origin) -> Item {
    let package = &used.package;
    let mut item = Item::new(Kind::Library, bom_ref, package.name());
    let version = package.version().to_string();
    item.purl = origin.purl(package.name(), &version);
    item.version = Some(version);
    item.description = package.description().map(one_line).filter(|text| !text.is_empty());
    let shipped = used.roles.contains(&Role::Runtime);
    item.scope = Some(if shipped { Scope::Required } else { Scope::Excluded });
    item.authors = package.authors().iter().filter_map(|text| author(text)).collect();
    for (kind, url) in [
        (ReferenceKind::Vcs, package.repository()),
        (ReferenceKind::Website, package.homepage()),
        (ReferenceKind::Documentation, package.documentation()),
    ] {
        item.references.extend(url.filter(|url| is_web_address(url)).map(|url| (kind, url.to_owned())));
    }
    license_of(used, &mut item);
    facts(used, origin, &mut item);
    item
}

fn license_of(used: &Used<'_>, item: &mut Item) {
    if let Some((license, original)) = used.package.license().and_then(license::declared) {
        item.license = Some(license);
        if let Some(original) = original {
            item.note(properties::LICENSE_DECLARED, original);
        }
    }
    if let Some(file) = used.package.license_file().filter(|file| !file.is_absolute()) {
        let file = file.as_str().replace('\\', "/");
        item.license.get_or_insert_with(|| License::Named(format!("the package's own: {file}")));
        item.note(properties::LICENSE_FILE, file);
    }
}

fn facts(used: &Used<'_>, origin: &Origin, item: &mut Item) {
    for role in &used.roles {
        item.note(properties::ROLE, role.name());
    }
    for (name, features) in
        [(properties::FEATURES, &used.features), (properties::HOST_FEATURES, &used.host_features)]
    {
        if !features.is_empty() {
            item.note(name, features.iter().copied().collect::<Vec<_>>().join(","));
        }
    }
    if used.package.has_build_script() {
        item.note(properties::BUILD_SCRIPT, "true");
    }
    item.note(properties::SOURCE, origin.kind());
    if let Origin::Local(Some(folder)) = origin {
        item.note(properties::PATH, if folder.is_empty() { "." } else { folder });
    }
}

fn shipped<'g>(root: &PackageMetadata<'g>, resolution: &Resolution<'g>, names: &Names<'g>) -> Root {
    let (bom_ref, origin) = names.of(root.id());
    let features = resolution.packages.get(root.id()).map(|used| &used.features);
    let has = |feature: &str| features.is_some_and(|features| features.contains(feature));
    Root {
        name: root.name().to_owned(),
        version: root.version().to_string(),
        bom_ref: bom_ref.to_owned(),
        folder: match origin {
            Origin::Local(Some(folder)) => folder.clone(),
            _ => String::new(),
        },
        targets: selection::targets(root, has),
    }
}

/// The product when several packages are shipped: the workspace that holds them.
fn workspace(graph: &PackageGraph, selection: &Selection<'_>) -> Item {
    let workspace = graph.workspace();
    let root_package = workspace.iter().find(|it| it.manifest_path().parent() == Some(workspace.root()));
    let name = match root_package {
        Some(package) => package.name().to_owned(),
        None => selection.roots.iter().map(PackageMetadata::name).collect::<Vec<_>>().join(", "),
    };
    let mut item = Item::new(Kind::Application, "workspace", name);
    let mut versions: Vec<_> = selection.roots.iter().map(PackageMetadata::version).collect();
    versions.dedup();
    if let [version] = versions[..] {
        item.version = Some(version.to_string());
    }
    item
}

/// What was asked for.
fn selected(inputs: &Inputs<'_>, roots: &[Root]) -> BTreeSet<(String, String)> {
    let mut noted = BTreeSet::new();
    let mut note = |name: &str, value: &str| noted.insert((name.to_owned(), value.to_owned()));
    note(properties::METHOD, "cargo metadata, features resolved by guppy");
    note(properties::PROFILE, "release");
    note(properties::RESOLVER, &inputs.resolver.to_string());
    note(properties::SELECTED_FEATURES, &features(inputs.features));
    note(properties::HOST, &inputs.platforms.host.triple);
    for target in &inputs.platforms.targets {
        note(properties::TARGET, &target.triple);
        note(properties::TARGET_TRIPLE, &target.triple);
        for cfg in &target.cfgs {
            note(properties::CFG, &cfg.to_string());
        }
    }
    for root in roots {
        note(properties::ROOT, &root.bom_ref);
    }
    noted
}

fn features(features: &Features) -> String {
    if features.all {
        return "all".to_owned();
    }
    let named: BTreeSet<_> = features.named.iter().map(String::as_str).collect();
    let default = features.default.then_some("default");
    default.into_iter().chain(named).collect::<Vec<_>>().join(",")
}

/// `Name <mail>`, `Name` or `mail`.
fn author(text: &str) -> Option<Author> {
    let text = one_line(text);
    if text.is_empty() {
        return None;
    }
    let (name, email) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, email)) if is_mail_address(email.trim()) => (name.trim(), Some(email.trim().to_owned())),
        _ if is_mail_address(&text) => ("", Some(text.clone())),
        _ => (text.as_str(), None),
    };
    Some(Author { name: (!name.is_empty()).then(|| name.to_owned()), email })
}

fn is_mail_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && part.chars().all(|it| it.is_ascii_alphanumeric() || "._%+-".contains(it))
    };
    text.split_once('@')
        .is_some_and(|(name, host)| plain(name) && plain(host) && !host.contains(['_', '%', '+']))
}

/// An `http` or `https` address that is an IRI by RFC 3987 as far as a reader's eye goes, without credentials.
fn is_web_address(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let escapes = rest
        .split('%')
        .skip(1)
        .all(|it| it.get(..2).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())));
    let host = !authority.is_empty()
        && authority.chars().all(|it| it.is_alphanumeric() || ".-:_".contains(it))
        && authority.split(':').nth(1).is_none_or(|port| port.bytes().all(|digit| digit.is_ascii_digit()));
    host && escapes
        && rest.matches('#').count() <= 1
        && !rest.chars().any(|it| it.is_whitespace() || it.is_control() || "<>\"{}|\\^`[]".contains(it))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_web_address_becomes_a_reference() {
        for url in [
            "",
            "example.org",
            "git@github.com:a/b",
            "https://",
            "https:///x",
            "https://a b",
            "https://a/%zz",
            "https://u:p@example.org/",
            "https://a/[x]",
            "javascript:alert(1)",
            "https://a:b/",
            "https://a/#x#y",
            "file:///etc/passwd",
            "https://a/%",
        ] {
            assert!(!is_web_address(url), "{url}");
        }
        for url in ["https://github.com/a/b", "http://example.org:80/ü?q=%20#x", "https://a.b"] {
            assert!(is_web_address(url), "{url}");
        }
    }

    #[test]
    fn an_author_is_taken_apart_only_when_it_is_sure() {
        let check = |text: &str, name: Option<&str>, email: Option<&str>| {
            let expected = Author { name: name.map(str::to_owned), email: email.map(str::to_owned) };
            assert_eq!(author(text), Some(expected), "{text}");
        };
        check("Ada <ada@example.org>", Some("Ada"), Some("ada@example.org"));
        check("ada@example.org", None, Some("ada@example.org"));
        check("Ada <ada at example>", Some("Ada <ada at example>"), None);
        check("The Shop\nDevelopers", Some("The Shop Developers"), None);
        assert_eq!(author(" "), None);
    }
}
