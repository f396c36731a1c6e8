//! Words to choose from when an order is restored: cause, responsible party, kind of security event.

/// Stable word and Chinese label of a choice.
pub type Choice = (&'static str, &'static str);

/// Responsible party: the supplier, and those whose delays are not scored against him
/// (001:1899: 因采购人或第三方导致的延迟或质量问题，或不可抗力不参与评价).
pub const PARTIES: &[Choice] =
    &[("supplier", "服务方"), ("buyer", "采购人"), ("third_party", "第三方"), ("force_majeure", "不可抗力")];

/// Classes of causes. The first five are the supplier's faults as 001:1893 prints them; the document
/// gives no list for the rest, so that what follows is 本项目约定.
pub const CAUSE_CLASSES: &[Choice] = &[
    ("vulnerability", "安全漏洞"),
    ("function_defect", "功能缺陷"),
    ("code_defect", "代码缺陷"),
    ("compatibility", "兼容性问题"),
    ("implementation", "实施问题"),
    ("hardware", "硬件故障"),
    ("network", "网络或线路"),
    ("environment", "供电与机房环境"),
    ("configuration", "配置或变更"),
    ("data", "数据问题"),
    ("operation", "使用或操作不当"),
    ("external", "外部系统"),
    ("unknown", "原因不明"),
];

/// Kinds of security events (001:1910).
pub const SECURITY_CLASSES: &[Choice] = &[
    ("system_failure", "系统故障事件"),
    ("malware", "有害程序事件"),
    ("network_attack", "网络攻击事件"),
    ("data_destruction", "信息破坏事件"),
    ("content_security", "信息内容安全事件"),
    ("disaster", "灾害性事件"),
    ("leak", "失泄密事件"),
    ("other", "其他安全运行事件"),
];

/// The label of a stored word of a list; the word itself where the list does not have it.
#[must_use]
pub fn label<'a>(of: &[Choice], word: &'a str) -> &'a str {
    of.iter().find(|(code, _)| *code == word).map_or(word, |(_, label)| label)
}
