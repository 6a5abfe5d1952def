//! Forms of text: references (RFC 3986 and 3987), times (RFC 3339), mail addresses (RFC 5321 and 6531), licence ids.

use core::net::Ipv6Addr;

/// An IRI or a relative reference (RFC 3987, `IRI-reference`).
pub(super) fn is_iri_reference(text: &str) -> bool {
    is_reference(text, true)
}

/// A reference that says what a text says which is none: `git@host:path` as SSH has it, everything else with what a
/// reference cannot hold in percent signs.
pub(super) fn as_iri(text: &str) -> Option<String> {
    let scp = text.split_once(':').filter(|(host, _)| host.contains('@') && !host.contains(['/', ' ']));
    if let Some((host, path)) = scp {
        return Some(format!("ssh://{host}/{path}")).filter(|made| is_iri_reference(made));
    }
    let mut made = String::with_capacity(text.len());
    let mut has_fragment = false;
    for (index, c) in text.char_indices() {
        let is_good = match c {
            '%' => text
                .as_bytes()
                .get(index + 1..index + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            '#' => !std::mem::replace(&mut has_fragment, true),
            _ => !c.is_control() && !c.is_whitespace() && !"<>\"{}|\\^`".contains(c),
        };
        if is_good {
            made.push(c);
        } else {
            let mut bytes = [0; 4];
            made.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    Some(made).filter(|made| is_iri_reference(made))
}

/// An absolute reference in ASCII (RFC 3986, `URI`).
pub(crate) fn is_uri(text: &str) -> bool {
    text.is_ascii() && scheme(text).is_some_and(|end| end > 0) && is_reference(text, false)
}

fn is_reference(text: &str, international: bool) -> bool {
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Some(end) = scheme(rest) else { return false };
    let rest = &rest[end..];
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if !is_authority(authority, international) {
                return false;
            }
            path
        }
        None => rest,
    };
    are(path, international, "/:@", false)
        && are(query, international, "/?:@", international)
        && are(fragment, international, "/?:@", false)
}

/// Where the scheme and its colon end: 0 without one; nothing where a colon stands in the first segment of a path.
fn scheme(text: &str) -> Option<usize> {
    let Some(colon) = text.find(':') else { return Some(0) };
    let name = &text[..colon];
    if name.contains('/') {
        return Some(0);
    }
    let mut bytes = name.bytes();
    let well = bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    well.then_some(colon + 1)
}

fn is_authority(authority: &str, international: bool) -> bool {
    let (user, host) = authority.split_once('@').unwrap_or(("", authority));
    if !are(user, international, ":", false) {
        return false;
    }
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            if !is_ip_literal(address) {
                return false;
            }
            ("", port)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port = port
        .strip_prefix(':')
        .map_or(port.is_empty(), |digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    port && are(host, international, "", false)
}

fn is_ip_literal(address: &str) -> bool {
    match address.strip_prefix(['v', 'V']) {
        Some(future) => future.split_once('.').is_some_and(|(version, rest)| {
            !version.is_empty()
                && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                && !rest.is_empty()
                && !rest.contains('%')
                && are(rest, false, ":", false)
        }),
        None => address.parse::<Ipv6Addr>().is_ok(),
    }
}

/// Whether there is nothing but unreserved characters, sub-delimiters, percent escapes and `more`.
fn are(text: &str, international: bool, more: &str, private: bool) -> bool {
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let fits = match character {
            '%' => {
                let mut digit = || rest.next().is_some_and(|digit| digit.is_ascii_hexdigit());
                digit() && digit()
            }
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | '-'
            | '.'
            | '_'
            | '~'
            | '!'
            | '$'
            | '&'
            | '\''
            | '('
            | ')'
            | '*'
            | '+'
            | ','
            | ';'
            | '=' => true,
            ascii if ascii.is_ascii() => more.contains(ascii),
            other => international && (is_ucschar(other) || private && is_private(other)),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// RFC 3987, `ucschar`.
fn is_ucschar(character: char) -> bool {
    let code = u32::from(character);
    match code {
        0xA0..=0xD7FF | 0xF900..=0xFDCF | 0xFDF0..=0xFFEF => true,
        0x1_0000..=0xD_FFFF | 0xE_1000..=0xE_FFFF => code & 0xFFFF < 0xFFFE,
        _ => false,
    }
}

/// RFC 3987, `iprivate`.
fn is_private(character: char) -> bool {
    let code = u32::from(character);
    matches!(code, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF) && code & 0xFFFF < 0xFFFE
}

/// `2026-11-24` (RFC 3339, `full-date`), a day that is in the calendar.
pub(super) fn is_date(text: &str) -> bool {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else { return false };
    let digits = [y0, y1, y2, y3, m0, m1, d0, d1];
    if !digits.iter().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    let number =
        |digits: &[&u8]| digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(**digit - b'0'));
    let (year, month, day) = (number(&digits[..4]), number(&digits[4..6]), number(&digits[6..]));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=length).contains(&day)
}

/// `2026-11-24T12:00:00Z` (RFC 3339, `date-time`).
pub(super) fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    if !is_date(date) || !time.is_ascii() || time.len() < 9 {
        return false;
    }
    let (clock, rest) = time.split_at(8);
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let offset = match rest.as_bytes() {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            minutes(rest, 23).map(|offset| if *sign == b'+' { -offset } else { offset })
        }
        _ => None,
    };
    let (Some(offset), Some(minute)) = (offset, minutes(&clock.as_bytes()[..5], 23)) else { return false };
    match clock.as_bytes()[5..] {
        [b':', tens @ b'0'..=b'5', ones] if tens.is_ascii_digit() => ones.is_ascii_digit(),
        // A leap second is the last of a day in UTC.
        [b':', b'6', b'0'] => (minute + offset).rem_euclid(24 * 60) == 24 * 60 - 1,
        _ => false,
    }
}

/// `xs:anyURI` as validators read it: what no reference may hold is escaped before it is looked at.
pub(super) fn is_any_uri(text: &str) -> bool {
    let escaped = |c: char| !c.is_ascii() || c.is_ascii_control() || " <>\"{}|\\^`".contains(c);
    is_reference(&text.replace(escaped, "_"), false)
}

/// `xs:date`: a day with or without a zone, in any year but 0.
pub(super) fn is_xml_date(text: &str) -> bool {
    day(text).is_some_and(is_zone)
}

/// `xs:dateTime`: with or without a zone, in any year but 0, without leap seconds.
pub(super) fn is_xml_time(text: &str) -> bool {
    let Some(rest) = day(text).and_then(|rest| rest.strip_prefix('T')) else { return false };
    let Some((clock, rest)) = rest.split_at_checked(8) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let seconds = match clock.as_bytes()[5..] {
        [b':', tens @ b'0'..=b'5', ones] if ones.is_ascii_digit() => Some((tens, ones)),
        _ => None,
    };
    // The end of a day is the start of the next.
    let is_midnight = clock == "24:00:00"
        && text
            .bytes()
            .skip_while(|byte| *byte != b'.')
            .skip(1)
            .take_while(u8::is_ascii_digit)
            .all(|digit| digit == b'0');
    (is_midnight || seconds.is_some() && minutes(&clock.as_bytes()[..5], 23).is_some()) && is_zone(rest)
}

/// What follows the day of an `xs:date` or `xs:dateTime`.
fn day(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let year = digits.find('-')?;
    let (number, rest) = digits.split_at(year);
    let last = number.len().checked_sub(4)?;
    let is_year = number.bytes().all(|digit| digit.is_ascii_digit())
        && (last == 0 || !number.starts_with('0'))
        && number.bytes().any(|digit| digit != b'0');
    // The calendar comes again every 400 years, and so do the last four digits of its years.
    let (date, rest) = rest.split_at_checked(6)?;
    (is_year && is_date(&format!("{}{date}", &number[last..]))).then_some(rest)
}

/// Nothing, `Z` or an offset of up to 14 hours.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', rest @ ..] => minutes(rest, 14).is_some_and(|offset| offset <= 14 * 60),
        _ => false,
    }
}

/// `HH:MM` in minutes.
fn minutes(text: &[u8], most: i32) -> Option<i32> {
    let [h0, h1, b':', m0, m1] = text else { return None };
    let number = |tens: &u8, ones: &u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit())
            .then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
    };
    let (hours, minutes) = (number(h0, h1)?, number(m0, m1)?);
    (hours <= most && minutes < 60).then_some(hours * 60 + minutes)
}

/// A mail address, of any script. Quoted local parts are taken as they are.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let atoms = local.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .chars()
                .all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
    });
    let literal = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'));
    let host = || {
        domain.len() < 254
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() < 64 * 4
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| {
                        c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii() && c.is_alphanumeric()
                    })
            })
    };
    (quoted || atoms && local.len() <= 64) && (literal.is_some_and(|literal| !literal.is_empty()) || host())
}

/// An id of the SPDX licence list, a deprecated one too, or of its list of exceptions, which the official schema has in
/// the same enumeration.
pub(super) fn is_spdx_id(text: &str) -> bool {
    if text.ends_with('+') {
        return PLUS.contains(&text);
    }
    spdx::license_id(text).is_some_and(|id| id.name == text)
        || spdx::exception_id(text).is_some_and(|id| id.name == text)
}

/// The id that a text probably means: one in another case, with other separators, or without a last zero.
pub(super) fn meant_spdx_id(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST_ID {
        return None;
    }
    let bare = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = bare(text);
    let near = |name: &&str| {
        let name = bare(name);
        name == wanted || name.strip_suffix('0') == Some(&wanted)
    };
    spdx::identifiers::LICENSES.iter().map(|license| license.name).find(near)
}

/// Bytes of a text that is compared with licence ids.
const LONGEST_ID: usize = 64;
/// The ids that end in a plus; elsewhere a plus belongs to an expression.
const PLUS: [&str; 6] = ["GPL-1.0+", "GPL-2.0+", "GPL-3.0+", "LGPL-2.0+", "LGPL-2.1+", "LGPL-3.0+"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_their_grammar() {
        for good in [
            "",
            "a/b",
            "../x?y#z",
            "https://user:pw@example.org:8080/p/ä?q=1#f",
            "urn:uuid:1",
            "mailto:a@b",
            "//host/x",
            "http://[::1]:80/",
            "http://[v1.a:b]/",
            "./a:b",
            "?x",
            "#",
            "%41",
            "https://例え.jp/",
        ] {
            assert!(is_iri_reference(good), "{good}");
        }
        for bad in [
            "git@host:x",
            "a b",
            "<x>",
            "%4",
            "%zz",
            "http://[::1",
            "http://a:b:c/",
            "1:x",
            ":x",
            "a\\b",
            "http://h/^",
            "x#y#z",
            "\u{e000}",
            "http://[::g]/",
        ] {
            assert!(!is_iri_reference(bad), "{bad}");
        }
        assert!(is_uri("urn:x") && is_uri("https://a.example/#x"));
        assert!(!is_uri("x/y") && !is_uri("urn:ä") && !is_uri(""));
    }

    #[test]
    fn what_is_no_reference_is_written_as_one() {
        let cases = [
            ("git@host:group/x.git", Some("ssh://git@host/group/x.git")),
            ("https://a.example/b c#d#e", Some("https://a.example/b%20c#d%23e")),
            ("a <b> 5% {c}", Some("a%20%3Cb%3E%205%25%20%7Bc%7D")),
            ("https://a.example/%41", Some("https://a.example/%41")),
            ("1:x", None),
        ];
        for (text, expected) in cases {
            assert_eq!(as_iri(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn times_are_in_the_calendar() {
        for good in ["2024-02-29T00:00:00Z", "2026-11-24t23:59:59.123+05:30", "1998-12-31T15:59:60-08:00"] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "2026-02-29T00:00:00Z",
            "2026-11-24",
            "2026-11-24T24:00:00Z",
            "2026-11-24T10:00Z",
            "2026-11-24T10:00:00",
            "2026-11-24 10:00:00Z",
            "2026-11-24T10:00:00.Z",
            "2026-11-24T10:00:60Z",
            "2026-13-01T00:00:00Z",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
        assert!(is_date("2000-02-29") && !is_date("1900-02-29") && !is_date("2026-1-01"));
    }

    #[test]
    fn times_of_xml_have_zones_or_not() {
        for good in [
            "2024-02-29T00:00:00",
            "2024-02-29T24:00:00Z",
            "2024-02-29T24:00:00.000Z",
            "-0044-03-15T12:00:00.5+14:00",
            "12024-02-29T23:59:59-00:00",
        ] {
            assert!(is_xml_time(good), "{good}");
        }
        for bad in [
            "",
            "2024-02-29",
            "2023-02-29T00:00:00",
            "0000-01-01T00:00:00Z",
            "024-01-01T00:00:00Z",
            "02024-01-01T00:00:00Z",
            "2024-01-01t00:00:00Z",
            "2024-01-01T00:00:00z",
            "2024-01-01T24:00:01Z",
            "2024-01-01T24:00:00.1Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:00+14:01",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:0\u{e9}",
        ] {
            assert!(!is_xml_time(bad), "{bad}");
        }
        assert!(is_xml_date("2024-02-29") && is_xml_date("2024-02-29Z") && is_xml_date("2024-02-29-05:00"));
        assert!(!is_xml_date("2024-02-30") && !is_xml_date("2024-02-29T") && !is_xml_date("x"));
    }

    #[test]
    fn any_uri_is_escaped_first() {
        for good in ["", "a b", "https://a.example/{x}?<y>", "pkg:x/\u{e4}", "..\\x"] {
            assert!(is_any_uri(good), "{good}");
        }
        for bad in ["git@host:x", "http://[::1", "%zz", "1:x", "a#b#c"] {
            assert!(!is_any_uri(bad), "{bad}");
        }
    }

    #[test]
    fn mail_addresses_have_a_local_part_and_a_host() {
        assert!(
            is_email("jane.doe+x@example.org") && is_email("jürgen@exämple.org") && is_email("\"a b\"@host")
        );
        for bad in ["jane", "@host", "jane@", "a..b@host", "a b@host", "jane@-host", "jane@ho st"] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn licence_ids_are_those_of_the_list() {
        for good in ["MIT", "GPL-2.0", "GPL-2.0+", "GPL-2.0-only", "Classpath-exception-2.0"] {
            assert!(is_spdx_id(good), "{good}");
        }
        for bad in ["mit", "MIT+", "Apache 2.0", "", "MIT OR Apache-2.0"] {
            assert!(!is_spdx_id(bad), "{bad}");
        }
        assert_eq!((meant_spdx_id("mit"), meant_spdx_id("Apache 2")), (Some("MIT"), Some("Apache-2.0")));
        assert_eq!(meant_spdx_id("Own Licence"), None);
    }
}
