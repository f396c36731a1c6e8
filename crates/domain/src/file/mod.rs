//! Files beside an order's events: which types, how large, what they may be called, and what must not
//! stand in them.
//!
//! Promises: no fold depends on a file's content; only types that no program runs or renders as a page
//! are known (never SVG or HTML). Left out: reading, encrypting and sending the content (console, sync,
//! centre), and looking into it to find its type.

mod sensitive;

pub use sensitive::{Finding, findings};

use crate::clock::words;

/// Largest file, in bytes: 50 MB (SYNC 6).
pub const FILE_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Most files one event names, so that it stays far below 64 KiB (SYNC 6).
pub const FILES_MAX: usize = 20;
/// Longest name of a file, in characters: fits every file system in UTF-8.
pub const NAME_CHARS_MAX: usize = 80;

words! {
    /// Type of a file, as its content shows; the word is also its extension.
    pub enum FileType {
        /// 图片
        Jpg = "jpg",
        /// 图片
        Png = "png",
        /// PDF
        Pdf = "pdf",
        /// 版式文件 (GB/T 33190)
        Ofd = "ofd",
        /// Word
        Docx = "docx",
        /// Excel
        Xlsx = "xlsx",
        /// PowerPoint
        Pptx = "pptx",
        /// Word 97-2003
        Doc = "doc",
        /// Excel 97-2003
        Xls = "xls",
        /// 纯文本
        Txt = "txt",
        /// 逗号分隔的表
        Csv = "csv",
    }
}

/// Types taken where the site agreed on none: none of them can carry macros. A guess.
pub const DEFAULT_TYPES: &[FileType] = &[
    FileType::Jpg,
    FileType::Png,
    FileType::Pdf,
    FileType::Ofd,
    FileType::Docx,
    FileType::Xlsx,
    FileType::Txt,
    FileType::Csv,
];

impl FileType {
    /// Media type.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Txt => "text/plain",
            Self::Csv => "text/csv",
        }
    }

    /// Of a media type.
    #[must_use]
    pub fn of_media(media: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.media() == media)
    }

    /// Of a name, by its extension.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "jpeg" => Some(Self::Jpg),
            "log" => Some(Self::Txt),
            word => word.parse().ok(),
        }
    }

    /// Whether a picture of it is shown in the program.
    #[must_use]
    pub fn is_image(self) -> bool {
        matches!(self, Self::Jpg | Self::Png)
    }

    /// Whether its content is plain text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Txt | Self::Csv)
    }
}

words! {
    /// What a file is to its order.
    pub enum FileKind {
        /// 现场照片
        Photo = "photo",
        /// 截图
        Screenshot = "screenshot",
        /// 文档
        Document = "document",
        /// 签字单扫描件
        SignedPaper = "signed_paper",
        /// 其他
        Other = "other",
    }
}

impl FileKind {
    /// Chinese name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Photo => "现场照片",
            Self::Screenshot => "截图",
            Self::Document => "文档",
            Self::SignedPaper => "签字单扫描件",
            Self::Other => "其他",
        }
    }
}

/// A name as it is shown and written to disk: the last part of a path, without control characters, with
/// its extension, at most [`NAME_CHARS_MAX`] long; `None` where nothing is left.
#[must_use]
pub fn tidy_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !is_direction(*c) && !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')
        })
        .collect();
    let clean = clean.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, extension) = clean.rsplit_once('.')?;
    let (stem, extension) = (stem.trim_end(), extension.trim());
    if stem.is_empty() || extension.is_empty() || extension.chars().count() > 10 {
        return None;
    }
    let room = NAME_CHARS_MAX - 1 - extension.chars().count();
    let stem: String = stem.chars().take(room).collect();
    Some(format!("{}.{extension}", stem.trim_end()))
}

/// Characters that turn the direction of writing, with which `gpj.exe` passes for `exe.jpg`.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a name is one that [`tidy_name`] gives.
#[must_use]
pub fn is_tidy(name: &str) -> bool {
    tidy_name(name).as_deref() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Else a file would be handed in under a name that is refused when it is added.
        #[test]
        fn a_tidy_name_is_tidy(name in "[ .a/\\\\:\u{202e}长]{0,100}\\.[ .a]{0,12}") {
            if let Some(tidy) = tidy_name(&name) {
                prop_assert!(is_tidy(&tidy) && tidy.chars().count() <= NAME_CHARS_MAX, "{name:?} {tidy:?}");
            }
        }
    }

    #[test]
    fn names_are_safe_to_show_and_to_write() {
        let long = format!("{}.pdf", "长".repeat(200));
        for (given, expected) in [
            ("机房.jpg", Some("机房.jpg")),
            ("C:\\Users\\x\\照片 1.JPG", Some("照片 1.JPG")),
            ("../../etc/passwd.txt", Some("passwd.txt")),
            ("a\u{202e}gpj.pdf", Some("agpj.pdf")),
            ("a\nb?.txt", Some("ab.txt")),
            ("...hidden.txt", Some("hidden.txt")),
            (". .hidden .txt ", Some("hidden.txt")),
            ("noextension", None),
            (".jpg", None),
            ("", None),
        ] {
            assert_eq!(tidy_name(given).as_deref(), expected, "{given}");
        }
        let cut = tidy_name(&long).unwrap();
        assert_eq!(cut.chars().count(), NAME_CHARS_MAX);
        assert!(cut.ends_with(".pdf") && is_tidy(&cut) && !is_tidy(&long));
    }

    #[test]
    fn no_type_is_a_page_or_a_program() {
        for name in ["a.svg", "a.html", "a.htm", "a.exe", "a.docm", "a.js", "a.zip"] {
            assert_eq!(FileType::of_name(name), None, "{name}");
        }
        assert_eq!(FileType::of_name("a.JPEG"), Some(FileType::Jpg));
        for kind in FileType::ALL {
            assert_eq!(FileType::of_media(kind.media()), Some(*kind));
        }
        assert!(!DEFAULT_TYPES.contains(&FileType::Doc), "old Office files can carry macros");
    }
}
