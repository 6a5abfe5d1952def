//! The name that was probably meant.

/// The candidate that is written almost like `name`: in another case, or with one or two edits.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > COMPARED {
        return None;
    }
    let most = (length / 3).min(2);
    let lower = name.to_lowercase();
    candidates
        .filter_map(|candidate| {
            edits(&lower, &candidate.to_lowercase(), most).map(|edits| (edits, candidate))
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters, if it is at most `most`.
pub(crate) fn edits(one: &str, other: &str, most: usize) -> Option<usize> {
    let other: Vec<char> = other.chars().collect();
    if one.chars().count().abs_diff(other.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, character) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, &expected) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(character != expected);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
        if row.iter().all(|&edits| edits > most) {
            return None;
        }
    }
    row.last().copied().filter(|&edits| edits <= most)
}

/// Characters of a name that is compared with others.
const COMPARED: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_named() {
        let names = ["components", "dependencies", "ref"];
        let find = |name| nearest(name, names.into_iter());
        assert_eq!(find("component"), Some("components"));
        assert_eq!(find("Components"), Some("components"));
        assert_eq!(find("depedencies"), Some("dependencies"));
        assert_eq!((find("xyz"), find(""), find(&"x".repeat(COMPARED + 1))), (None, None, None));
    }
}
