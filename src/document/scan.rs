//! Scanning bytes many at a time, in safe code: where a string needs a look, and which names may be the same.

/// How many bytes at the start of a string need no look: neither quote, backslash nor control character. Eight at
/// a time; the borrows of a subtraction can only mark bytes after a real hit, so that the lowest mark is exact.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const LOW: u64 = u64::MAX / 255;
    const HIGH: u64 = LOW << 7;
    let zero = |word: u64| word.wrapping_sub(LOW) & !word;
    let mut length = 0;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk);
        let quote = zero(word ^ (LOW * 0x22));
        let backslash = zero(word ^ (LOW * 0x5C));
        let control = word.wrapping_sub(LOW * 0x20) & !word;
        let hits = (quote | backslash | control) & HIGH;
        if hits != 0 {
            return length + hits.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let is_plain = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
    length + rest.iter().take_while(is_plain).count()
}

/// Tells most different names apart without looking at them again.
pub(super) fn fingerprint(name: &[u8]) -> u32 {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let word = |bytes: &[u8]| match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    let tail = name.last_chunk::<8>().map_or(0, |chunk| u64::from_le_bytes(*chunk));
    let mixed = (word(name) ^ tail.rotate_left(29) ^ name.len() as u64).wrapping_mul(MIX);
    (mixed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eight_at_a_time_agree_with_one_by_one(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b'\\'), Just(b' '), Just(0x1F), Just(b'a')], 0..40)) {
            let plain = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
            prop_assert_eq!(plain_length(&bytes), bytes.iter().take_while(plain).count());
        }
    }
}
