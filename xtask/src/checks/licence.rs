//! SPDX licence expressions, judged against an allow-list.

/// Licences that ask for no more than that their text is kept.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "WTFPL",
    "Zlib",
    "blessing", // SQLite's "may you do good", inside rusqlite's bundled source
];

/// Whether the expression can be met with permissive licences alone. An expression that cannot be read, or
/// none at all, cannot.
pub(crate) fn is_permissive(expression: &str) -> bool {
    let tokens = tokens(expression);
    let mut reader = Reader { rest: &tokens };
    reader.any_of() == Some(true) && reader.rest.is_empty()
}

/// Old manifests write `/` for `OR`.
fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// `OR` binds least, then `AND`, then `WITH`. Each method gives `None` where the expression is malformed.
struct Reader<'a> {
    rest: &'a [String],
}

impl Reader<'_> {
    fn any_of(&mut self) -> Option<bool> {
        let mut answer = self.all_of()?;
        while self.take("OR") {
            answer |= self.all_of()?;
        }
        Some(answer)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Some(answer)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let answer = self.any_of()?;
            return self.take(")").then_some(answer);
        }
        let mut licence = self.word()?;
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.word()?);
        }
        Some(PERMISSIVE.contains(&licence.as_str()))
    }

    fn word(&mut self) -> Option<String> {
        let (first, rest) = self.rest.split_first()?;
        let is_word = !["AND", "OR", "WITH", "(", ")"].contains(&first.as_str());
        self.rest = rest;
        is_word.then(|| first.clone())
    }

    fn take(&mut self, wanted: &str) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if first == wanted => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged() {
        let cases = [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("Apache-2.0 / MIT", true),
            ("Unlicense/MIT", true),
            ("GPL-3.0-only", false),
            ("Apache-2.0 OR GPL-2.0-only", true),
            ("Apache-2.0 AND GPL-2.0-only", false),
            ("MIT AND BSD-3-Clause AND blessing AND WTFPL", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND LGPL-2.1", false),
            ("GPL-2.0 OR MIT AND ISC", true), // AND binds more
            ("MIT OR ISC AND GPL-2.0", true),
            ("(MIT OR ISC) AND GPL-2.0", false),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-3.0 WITH Classpath-exception", false),
            ("MPL-2.0", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(is_permissive(expression), expected, "{expression}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_permissive() {
        for expression in
            ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT Apache-2.0", "MIT WITH", "SEE LICENSE IN x"]
        {
            assert!(!is_permissive(expression), "{expression}");
        }
    }
}
