//! Which component of one document is which of another: by its purl, else its digest, else its name.

use std::collections::HashMap;

use super::{Component, Role};

/// What a component is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its purl in the canonical form.
    pub purl: Option<String>,
    /// Its first strong digest.
    pub digest: Option<String>,
    /// Its group, name and version; its bom-ref where it has no name.
    pub name: String,
    /// The package, whatever its version: purl, or group and name.
    pub package: String,
}

impl Identity {
    /// Reads it off a component.
    pub fn of(component: &Component<'_>) -> Self {
        let purl = component.purl();
        let (group, name) = (component.group().unwrap_or_default(), component.name());
        let kind = if component.role() == Role::Service { "service" } else { "component" };
        let bare = match (&*group, &*name) {
            ("", "") => format!("{kind}#{}", component.bom_ref().unwrap_or_default()),
            ("", name) => name.to_owned(),
            (group, name) => format!("{group}/{name}"),
        };
        let version = component.version().unwrap_or_default();
        Self {
            digest: component.hashes().find_map(|hash| hash.digest()).map(|digest| digest.to_string()),
            name: format!("{kind} {bare}@{version}"),
            package: purl.as_ref().map_or(bare, |purl| purl.without_version().to_string()),
            purl: purl.map(|purl| purl.to_string()),
        }
    }

    /// The strongest name that it has.
    pub fn strongest(&self) -> &str {
        self.purl.as_deref().or(self.digest.as_deref()).unwrap_or(&self.name)
    }
}

/// A key that pairs by: of an identity, its number, and whether it is of the second side.
type Key<'k> = Box<dyn Fn(&Identity, usize, bool) -> Option<String> + 'k>;

/// Pairs what is the same on both sides: equal content first where several bear one name, then purl, digest, group with
/// name and version, and at last the package alone. Time is linear.
pub(super) fn pair(
    before: &[Identity],
    after: &[Identity],
    is_alike: impl Fn(usize) -> (String, String),
) -> Vec<Option<usize>> {
    let mut partner = vec![None; before.len()];
    let mut taken = vec![false; after.len()];
    // The content is looked at only where a name does not settle it.
    let ambiguous = |side: &[Identity]| {
        let mut count: HashMap<String, usize> = HashMap::new();
        for identity in side {
            *count.entry(identity.strongest().to_owned()).or_default() += 1;
        }
        count
    };
    let (ours, theirs) = (ambiguous(before), ambiguous(after));
    let several = |identity: &Identity| {
        let many = |count: &HashMap<String, usize>| count.get(identity.strongest()).is_some_and(|n| *n > 1);
        many(&ours) || many(&theirs)
    };
    let content = |identity: &Identity, index: usize, is_after: bool| {
        several(identity).then(|| {
            let (one, other) = is_alike(index);
            format!("{}\n{}", identity.strongest(), if is_after { other } else { one })
        })
    };
    let keys: [Key<'_>; 5] = [
        Box::new(content),
        Box::new(|identity, _, _| identity.purl.clone()),
        Box::new(|identity, _, _| identity.digest.clone()),
        Box::new(|identity, _, _| Some(identity.name.clone())),
        Box::new(|identity, _, _| Some(identity.package.clone())),
    ];
    for key in keys {
        let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, identity) in after.iter().enumerate().rev().filter(|(index, _)| !taken[*index]) {
            if let Some(key) = key(identity, index, true) {
                waiting.entry(key).or_default().push(index);
            }
        }
        for (index, identity) in before.iter().enumerate() {
            if partner[index].is_none()
                && let Some(key) = key(identity, index, false)
                && let Some(found) = waiting.get_mut(&key).and_then(Vec::pop)
            {
                partner[index] = Some(found);
                taken[found] = true;
            }
        }
    }
    partner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(purl: Option<&str>, digest: Option<&str>, name: &str) -> Identity {
        let package = purl.map_or(name, |purl| purl.split('@').next().unwrap()).to_owned();
        Identity {
            purl: purl.map(str::to_owned),
            digest: digest.map(str::to_owned),
            name: name.into(),
            package,
        }
    }

    #[test]
    fn purl_goes_before_digest_before_name_before_package() {
        let before = [
            named(Some("pkg:a/x@1"), Some("d1"), "x"),
            named(None, Some("d2"), "y"),
            named(None, None, "z"),
            named(Some("pkg:a/v@1"), None, "v1"),
            named(Some("pkg:a/gone@1"), None, "gone"),
        ];
        let after = [
            named(Some("pkg:a/v@2"), None, "v2"),
            named(None, None, "z"),
            named(None, Some("d2"), "renamed"),
            named(Some("pkg:a/x@1"), Some("d9"), "x"),
            named(Some("pkg:a/new@1"), Some("d1"), "new"),
        ];
        let pairs = pair(&before, &after, |_| (String::new(), String::new()));
        assert_eq!(pairs, [Some(3), Some(2), Some(1), Some(0), None]);
    }
}
