//! Numbers as ECMAScript prints them.

/// Appends a finite double as `Number::toString` of ECMA-262 does (RFC 8785, section 3.2.2.3): the shortest digits
/// that read back, which Rust finds, in the notation that ECMAScript chooses.
pub(super) fn write(value: f64, out: &mut Vec<u8>) {
    if value == 0.0 {
        return out.push(b'0');
    }
    let scientific = shortest(value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // ECMA-262's n: where the decimal point stands, counted from the first digit.
    let point = exponent + 1;
    if value < 0.0 {
        out.push(b'-');
    }
    match usize::try_from(point) {
        Ok(point @ 1..=21) if point >= digits.len() => {
            out.extend_from_slice(&digits);
            out.resize(out.len() + point - digits.len(), b'0');
        }
        Ok(point @ 1..=21) => {
            out.extend_from_slice(&digits[..point]);
            out.push(b'.');
            out.extend_from_slice(&digits[point..]);
        }
        _ if (-5..=0).contains(&point) => {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + point.unsigned_abs() as usize, b'0');
            out.extend_from_slice(&digits);
        }
        _ => {
            out.push(digits[0]);
            if digits.len() > 1 {
                out.push(b'.');
                out.extend_from_slice(&digits[1..]);
            }
            out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
            out.extend_from_slice(exponent.unsigned_abs().to_string().as_bytes());
        }
    }
}

/// The shortest digits that read back, in scientific notation. Of two that are equally near ECMAScript takes the even
/// one and Rust the larger one; rounding to as many digits settles it. It can only happen from 16 digits on: fewer
/// are further apart than two doubles.
fn shortest(value: f64) -> String {
    let scientific = format!("{value:e}");
    let digits = scientific.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit).count();
    if digits >= 16 {
        let rounded = format!("{value:.*e}", digits - 1);
        if rounded.parse() == Ok(value) {
            return rounded;
        }
    }
    scientific
}

/// Whether a number is an integer as written that no double holds exactly for certain: beyond ±(2^53 - 1)
/// (RFC 7493, section 2.2).
pub(super) fn is_inexact_integer(literal: &str) -> bool {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u64>().map_or(true, |value| value > MAX_SAFE_INTEGER)
}

/// Whether a literal is already what [`write()`] would print: a short integer.
pub(super) fn is_canonical(literal: &str) -> bool {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    digits.len() <= 15 && literal != "-0" && digits.bytes().all(|byte| byte.is_ascii_digit())
}

const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: f64) -> String {
        let mut out = Vec::new();
        write(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// RFC 8785, appendix B.
    #[test]
    fn the_samples_of_rfc_8785_are_printed_so() {
        let samples = [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ];
        for (bits, expected) in samples {
            assert_eq!(written(f64::from_bits(bits)), expected);
        }
    }

    #[test]
    fn an_integer_beyond_2_to_the_53_is_inexact() {
        assert!(!is_inexact_integer("9007199254740991"));
        assert!(!is_inexact_integer("-9007199254740991"));
        assert!(is_inexact_integer("9007199254740992"));
        assert!(is_inexact_integer("-123456789012345678901234567890"));
        assert!(!is_inexact_integer("1e300"), "that is a double and says so");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite() && value != 0.0);
            prop_assert_eq!(written(value).parse().map(f64::to_bits), Ok(bits));
        }

        #[test]
        fn the_digits_are_those_of_another_printer(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite() && value != 0.0);
            let digits = |text: &str| {
                let mantissa = text.split('e').next().unwrap();
                let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
                digits.trim_matches('0').to_owned()
            };
            prop_assert_eq!(digits(&written(value)), digits(&serde_json::to_string(&value).unwrap()));
        }

        #[test]
        fn a_short_integer_is_canonical_as_it_stands(value in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let literal = value.to_string();
            prop_assert!(is_canonical(&literal));
            prop_assert_eq!(written(literal.parse().unwrap()), literal);
        }
    }
}
