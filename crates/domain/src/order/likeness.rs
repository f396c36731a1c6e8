//! How much two titles have in common: for duplicates offered at a merge, and for knowledge worth showing.

use std::collections::BTreeMap;

/// Shared pairs of neighbouring characters in percent of all pairs (Dice), 0 to 100. Spaces, signs and
/// case do not count. Titles of one character share it or nothing.
#[must_use]
pub fn likeness(a: &str, b: &str) -> u32 {
    let (a, b) = (pairs(a), pairs(b));
    let (all_a, all_b) = (a.values().sum::<u32>(), b.values().sum::<u32>());
    if all_a == 0 || all_b == 0 {
        return 0;
    }
    let shared: u32 = a.iter().map(|(pair, n)| b.get(pair).map_or(0, |m| *n.min(m))).sum();
    200 * shared / (all_a + all_b)
}

fn pairs(text: &str) -> BTreeMap<(char, char), u32> {
    let kept: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut found = BTreeMap::new();
    if let [only] = kept.as_slice() {
        found.insert((*only, *only), 1);
    }
    for pair in kept.windows(2) {
        if let [first, second] = pair {
            *found.entry((*first, *second)).or_default() += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_as_alike_as_their_pairs() {
        for (a, b, percent) in [
            ("打印机卡纸", "打印机卡纸", 100),
            ("打印机 卡纸", "打印机，卡纸！", 100),
            ("三楼打印机卡纸", "二楼打印机卡纸", 83),
            ("VPN 登录失败", "vpn登录不了", 66),
            ("硬盘故障", "会议室无声音", 0),
            ("", "打印机", 0),
            ("断", "断", 100),
        ] {
            assert_eq!(likeness(a, b), percent, "{a} / {b}");
            assert_eq!(likeness(b, a), percent, "{b} / {a}");
        }
    }
}
