//! DuckDB's BIGNUM: whole numbers without a bound.

/// Digits that fit into a `u32` limb.
const LIMB: u64 = 1_000_000_000;

/// The decimal digits of a BIGNUM as the engine stores it: three bytes of header (the sign in its
/// first bit, then the length), then the number from its greatest byte; all bits of a negative one
/// are turned.
pub(super) fn digits(stored: &[u8]) -> String {
    let is_negative = stored.first().is_some_and(|first| first & 0x80 == 0);
    // Limbs of nine digits, the smallest first.
    let mut limbs: Vec<u64> = vec![0];
    for byte in stored.iter().skip(3) {
        let byte = if is_negative { !byte } else { *byte };
        let mut carry = u64::from(byte);
        for limb in &mut limbs {
            let sum = *limb * 256 + carry;
            *limb = sum % LIMB;
            carry = sum / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = if is_negative { "-" } else { "" }.to_owned();
    let mut from_the_greatest = limbs.iter().rev();
    let greatest = from_the_greatest.next().copied().unwrap_or_default();
    text.push_str(&greatest.to_string());
    for limb in from_the_greatest {
        text.push_str(&format!("{limb:09}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn bytes_become_decimal_digits() {
        assert_eq!(digits(&[0x80, 0, 1, 0]), "0");
        assert_eq!(digits(&[0x80, 0, 1, 123]), "123");
        assert_eq!(digits(&[0x7f, 0xff, 0xfe, !123]), "-123");
        // 2^72 + 1
        assert_eq!(
            digits(&[0x80, 0, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            "4722366482869645213697"
        );
    }
}
