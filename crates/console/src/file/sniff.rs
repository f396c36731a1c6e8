//! What a file is, by its content. The name only decides between types that look alike.

use zaigang_domain::file::FileType;

/// Bytes looked at where a text is told from something else, and names inside an archive are looked for.
const HEAD_BYTES: usize = 8 * 1024;

/// Old Office files begin with this (MS-CFB 2.2).
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The type of a content, if it is one that is known.
pub(crate) fn file_type(name: &str, content: &[u8]) -> Option<FileType> {
    let by_name = FileType::of_name(name);
    match infer::get(content).map(|found| found.mime_type()) {
        Some("image/jpeg") => Some(FileType::Jpg),
        Some("image/png") => Some(FileType::Png),
        Some("application/pdf") => Some(FileType::Pdf),
        _ if content.starts_with(b"PK\x03\x04") => archive(by_name?, content),
        _ if content.starts_with(&COMPOUND_FILE) => {
            by_name.filter(|kind| matches!(kind, FileType::Doc | FileType::Xls))
        }
        None => by_name.filter(|kind| kind.is_text() && is_text(content)),
        Some(_) => None,
    }
}

/// An archive is what its members say, and never one with macros.
fn archive(by_name: FileType, content: &[u8]) -> Option<FileType> {
    let holds = |member: &[u8]| content.windows(member.len()).any(|window| window == member);
    let member: &[u8] = match by_name {
        FileType::Docx => b"word/document.xml",
        FileType::Xlsx => b"xl/workbook.xml",
        FileType::Pptx => b"ppt/presentation.xml",
        FileType::Ofd => b"OFD.xml",
        _ => return None,
    };
    (holds(member) && !holds(b"vbaProject.bin")).then_some(by_name)
}

/// Neither binary nor a page: no zero bytes, and it does not begin with a tag.
fn is_text(content: &[u8]) -> bool {
    let head = content.get(..HEAD_BYTES).unwrap_or(content);
    let shown = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = shown.iter().find(|byte| !byte.is_ascii_whitespace());
    !head.contains(&0) && first.is_some_and(|byte| *byte != b'<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use FileType::{Csv, Doc, Docx, Jpg, Ofd, Pdf, Png, Txt, Xls};

    #[test]
    fn the_content_decides() {
        let table: &[(&str, &[u8], Option<FileType>)] = &[
            ("a.jpg", b"\xff\xd8\xff\xe0aaaaaaaa", Some(Jpg)),
            ("renamed.txt", b"\xff\xd8\xff\xe0aaaaaaaa", Some(Jpg)),
            ("a.png", b"\x89PNG\r\n\x1a\n0000", Some(Png)),
            ("a.pdf", b"%PDF-1.7 ...", Some(Pdf)),
            ("a.docx", b"PK\x03\x04....word/document.xml....", Some(Docx)),
            ("a.docx", b"PK\x03\x04....word/document.xml..word/vbaProject.bin..", None),
            ("a.docx", b"PK\x03\x04....evil.exe....", None),
            ("a.ofd", b"PK\x03\x04....OFD.xml....", Some(Ofd)),
            ("a.zip", b"PK\x03\x04....word/document.xml....", None),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1........", Some(Doc)),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1........", Some(Xls)),
            ("a.msi", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1........", None),
            ("a.txt", "机房 温度 22 度".as_bytes(), Some(Txt)),
            ("a.log", b"2025-10-15 ok", Some(Txt)),
            ("a.csv", b"a,b\n1,2", Some(Csv)),
            ("a.txt", b"\x00\x01binary", None),
            ("a.txt", b"  \n<svg xmlns='x' onload='x'/>", None),
            ("a.txt", b"<!DOCTYPE html><html>", None),
            ("a.svg", b"<svg xmlns='x'/>", None),
            ("a.jpg", b"<svg xmlns='x'/>", None),
            ("a.exe", b"MZ\x90\x00........", None),
            ("a.txt", b"MZ\x90\x01........", None),
        ];
        for (name, content, expected) in table {
            assert_eq!(file_type(name, content), *expected, "{name} {:?}", String::from_utf8_lossy(content));
        }
    }
}
