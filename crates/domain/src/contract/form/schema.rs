//! The one table of what the settings form shows: sections and fields, in the order in which the
//! settings text is written.

use super::super::reading::Topic;

/// A part of the form: one table of the settings, or a few keys that stand once.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its key: the table of the settings text, or a name of its own where it is `single`.
    pub key: &'static str,
    /// Title.
    pub title: &'static str,
    /// What it settles.
    pub help: &'static str,
    /// One row instead of a list.
    pub single: bool,
    /// Fields of a row, those of its basis aside.
    pub fields: &'static [Field],
    /// Whether its rows can say on what they rest.
    pub has_basis: bool,
    /// Fields by which a row is known again after a change.
    pub identity: &'static [&'static str],
}

/// A field of a row.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Key; dotted inside the basis.
    pub key: &'static str,
    /// Label.
    pub label: &'static str,
    /// How it is typed.
    pub kind: FieldKind,
    /// Must be filled.
    pub required: bool,
    /// What to know about it.
    pub help: Option<&'static str>,
    /// Where its choices come from.
    pub choices: ChoiceSource,
}

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the control of that name")]
pub enum FieldKind {
    Text,
    Long,
    Date,
    MonthDay,
    Number,
    Windows,
    Percents,
    Dates,
    Choice,
    Choices,
}

impl FieldKind {
    /// Stable word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Long => "long",
            Self::Date => "date",
            Self::MonthDay => "month_day",
            Self::Number => "number",
            Self::Windows => "windows",
            Self::Percents => "percents",
            Self::Dates => "dates",
            Self::Choice => "choice",
            Self::Choices => "choices",
        }
    }
}

/// Where the choices of a field come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceSource {
    /// It has none.
    None,
    /// Objects of the contract.
    Objects,
    /// 总队 or owning units.
    Divisions,
    /// Clock rules.
    Rules,
    /// Targets that some rule has.
    Targets,
    /// Posts.
    Posts,
    /// Windows that rules name.
    Windows,
    /// Fields of a record in the buyer's platform.
    PlatformFields,
    /// Questions that the settings leave open, and those already answered in words.
    Questions,
    /// These, value and label.
    Words(&'static [(&'static str, &'static str)]),
}

const fn field(key: &'static str, label: &'static str, kind: FieldKind) -> Field {
    Field { key, label, kind, required: false, help: None, choices: ChoiceSource::None }
}

const fn needed(mut field: Field) -> Field {
    field.required = true;
    field
}

const fn with(mut field: Field, help: &'static str) -> Field {
    field.help = Some(help);
    field
}

const fn one(key: &'static str, label: &'static str, choices: ChoiceSource) -> Field {
    Field { choices, ..field(key, label, FieldKind::Choice) }
}

const fn some(key: &'static str, label: &'static str, choices: ChoiceSource) -> Field {
    Field { choices, help: Some("不选即全部"), ..field(key, label, FieldKind::Choices) }
}

const NOTE: Field = field("note", "说明", FieldKind::Long);
const DIVISIONS: Field = some("divisions", "总队或单位", ChoiceSource::Divisions);
const OBJECTS: Field = some("objects", "运维对象", ChoiceSource::Objects);
const RULES: Field = some("rules", "时限规则", ChoiceSource::Rules);
const TARGETS: Field = some("targets", "时限", ChoiceSource::Targets);

/// On what a row rests; filled together or not at all.
pub const BASIS: &[Field] = &[
    with(
        field("basis.effective", "自何日起", FieldKind::Date),
        "依据三项须一并填写；没有依据的约定列入待甲方提供",
    ),
    with(field("basis.who", "由谁约定", FieldKind::Text), "写单位或岗位，不写姓名"),
    with(field("basis.paper", "依据文件", FieldKind::Text), "文件名，连同文号或日期"),
];

const fn section(
    key: &'static str,
    title: &'static str,
    help: &'static str,
    fields: &'static [Field],
    identity: &'static [&'static str],
) -> Section {
    Section { key, title, help, single: false, fields, has_basis: true, identity }
}

const fn single(mut section: Section) -> Section {
    section.single = true;
    section
}

const fn without_basis(mut section: Section) -> Section {
    section.has_basis = false;
    section
}

/// All sections.
pub const SECTIONS: &[Section] = &[
    single(section(
        "acceptance",
        "服务起算日",
        "服务期按月、按天计的对象，自此日起算（验收、签订或上一期结束之日）。",
        &[needed(field("date", "起算日", FieldKind::Date))],
        &[],
    )),
    single(without_basis(section(
        "warning_percent",
        "预警点",
        "时限用去多少时提醒；个别时限可在“个别预警点”另定。",
        &[needed(with(field("percent", "百分比", FieldKind::Percents), "1 至 99，可写几个"))],
        &[],
    ))),
    section(
        "office_hours",
        "办公时间",
        "分季节、分总队或单位的办公时间。到岗和只计办公时间的时限以此为准。",
        &[
            with(field("from", "自（月日）", FieldKind::MonthDay), "不填即全年"),
            field("to", "至（月日）", FieldKind::MonthDay),
            DIVISIONS,
            needed(field("windows", "时段", FieldKind::Windows)),
            NOTE,
        ],
        &["from", "to", "divisions"],
    ),
    section(
        "day",
        "特定日期",
        "采购人对某一天另作的安排。",
        &[
            needed(field("date", "日期", FieldKind::Date)),
            DIVISIONS,
            with(field("windows", "办公时段", FieldKind::Windows), "不填即全天不办公"),
            needed(field("reason", "事由", FieldKind::Text)),
        ],
        &["date", "divisions"],
    ),
    section(
        "window",
        "具名时段",
        "条文提到而没有写明几点到几点的时段。",
        &[
            needed(one("name", "名称", ChoiceSource::Windows)),
            OBJECTS,
            DIVISIONS,
            field("from", "自", FieldKind::Date),
            field("to", "至", FieldKind::Date),
            one(
                "days",
                "哪些日子",
                ChoiceSource::Words(&[("all", "每天"), ("workday", "工作日"), ("nonworkday", "非工作日")]),
            ),
            needed(field("windows", "时段", FieldKind::Windows)),
            NOTE,
        ],
        &["name", "objects", "divisions", "from"],
    ),
    section(
        "pause",
        "停表理由",
        "因这些理由挂起时停表；没有列出的理由，挂起只作记录，照常计时。",
        &[
            needed(field("reason", "理由", FieldKind::Text)),
            RULES,
            TARGETS,
            one(
                "party",
                "责任方",
                ChoiceSource::Words(&[
                    ("buyer", "采购人"),
                    ("supplier", "服务方"),
                    ("third_party", "第三方"),
                    ("force_majeure", "不可抗力"),
                ]),
            ),
            NOTE,
        ],
        &["reason", "rules", "targets"],
    ),
    section(
        "vip",
        "VIP 名单",
        "按岗位或房间列出，不写个人姓名。",
        &[
            needed(field("name", "岗位或房间", FieldKind::Text)),
            one("kind", "类别", ChoiceSource::Words(&[("post", "岗位"), ("room", "房间")])),
            one("division", "总队或单位", ChoiceSource::Divisions),
            NOTE,
        ],
        &["name", "division"],
    ),
    section(
        "system_class",
        "系统类别与用户数",
        "核心、重要、一般用于定级；用户数用于判断受影响的人是否达到二分之一。",
        &[
            needed(one("object", "运维对象", ChoiceSource::Objects)),
            needed(one(
                "class",
                "类别",
                ChoiceSource::Words(&[("core", "核心"), ("important", "重要"), ("general", "一般")]),
            )),
            field("users", "用户数", FieldKind::Number),
        ],
        &["object"],
    ),
    section(
        "business_system",
        "业务系统类别",
        "巡检按核心业务系统与通用业务系统区分。",
        &[
            needed(one("object", "运维对象", ChoiceSource::Objects)),
            needed(one(
                "kind",
                "类别",
                ChoiceSource::Words(&[("core", "核心业务系统"), ("ordinary", "通用业务系统")]),
            )),
            NOTE,
        ],
        &["object"],
    ),
    section(
        "limit",
        "另定时限",
        "文件没有写数字、写了范围，或双方另有约定的时限。",
        &[
            needed(one("rule", "时限规则", ChoiceSource::Rules)),
            needed(one("target", "时限", ChoiceSource::Targets)),
            needed(field("minutes", "分钟", FieldKind::Number)),
            NOTE,
        ],
        &["rule", "target"],
    ),
    section(
        "calendar",
        "计时历",
        "以分钟和小时计的时限，夜间与节假日是否计入。",
        &[
            RULES,
            TARGETS,
            needed(one(
                "calendar",
                "计时",
                ChoiceSource::Words(&[("elapsed", "自然时间连续计时"), ("office", "只计办公时间")]),
            )),
            NOTE,
        ],
        &["rules", "targets"],
    ),
    section(
        "day_meaning",
        "天与工作日",
        "以天、工作日计的时限怎样数。",
        &[
            RULES,
            TARGETS,
            one(
                "day",
                "一天",
                ChoiceSource::Words(&[
                    ("hours_24", "24 小时"),
                    ("end_of_date", "到第末天 24:00"),
                    ("workday", "按工作日数"),
                ]),
            ),
            one(
                "workday",
                "工作日止于",
                ChoiceSource::Words(&[("end_of_work", "下班时"), ("end_of_date", "当日 24:00")]),
            ),
            NOTE,
        ],
        &["rules", "targets"],
    ),
    section(
        "precedence",
        "条款先后",
        "几条条款都适用时建议采用哪一条。",
        &[
            OBJECTS,
            TARGETS,
            needed(one(
                "prefer",
                "建议",
                ChoiceSource::Words(&[("specific", "更贴切的"), ("strict", "时限更短的")]),
            )),
            NOTE,
        ],
        &["objects", "targets"],
    ),
    section(
        "warning",
        "个别预警点",
        "某些时限的预警点，代替一般的预警点。",
        &[
            RULES,
            TARGETS,
            needed(with(field("percent", "百分比", FieldKind::Percents), "1 至 99，可写几个")),
            NOTE,
        ],
        &["rules", "targets"],
    ),
    without_basis(section(
        "duty_order",
        "值班通知",
        "采购人下发的重保、节假日、会议值班通知。",
        &[
            needed(field("number", "文号", FieldKind::Text)),
            needed(field("date", "发文日期", FieldKind::Date)),
            needed(field("title", "标题", FieldKind::Text)),
            needed(field("from", "自", FieldKind::Date)),
            needed(field("to", "至", FieldKind::Date)),
            DIVISIONS,
            OBJECTS,
            some("posts", "岗位", ChoiceSource::Posts),
            NOTE,
        ],
        &["number"],
    )),
    section(
        "record_category",
        "工作记录类别",
        "文件没有列出的日常服务类别；文件列出的照文件，不必再写。",
        &[
            needed(field("name", "类别", FieldKind::Text)),
            one(
                "needs",
                "另须填写",
                ChoiceSource::Words(&[
                    ("authorisation", "授权编号"),
                    ("inspection", "巡检正常或异常"),
                    ("confirmation", "采购人确认人"),
                ]),
            ),
            NOTE,
        ],
        &["name"],
    ),
    section(
        "platform",
        "采购人平台",
        "采购人自己的运维平台：名称，以及录入工作记录和下发派单时的字段次序。",
        &[
            needed(field("name", "平台名称", FieldKind::Text)),
            Field {
                choices: ChoiceSource::PlatformFields,
                help: Some("按平台录入页的次序逐个选；不选即用常用次序"),
                ..field("entry", "录入次序", FieldKind::Choices)
            },
            Field {
                choices: ChoiceSource::PlatformFields,
                help: Some("派单没有标题行时，各列依次是什么；不选即用常用次序"),
                ..field("dispatch", "派单列次序", FieldKind::Choices)
            },
            NOTE,
        ],
        &["name"],
    ),
    section(
        "caretaker",
        "代记人",
        "没有驻场人员的总队或单位，由哪些岗位的驻场人员代为登记。列出的总队或单位只由这些岗位代记。",
        &[
            needed(Field { help: None, ..some("divisions", "总队或单位", ChoiceSource::Divisions) }),
            needed(Field { help: None, ..some("posts", "岗位", ChoiceSource::Posts) }),
            NOTE,
        ],
        &["divisions"],
    ),
    section(
        "duty_post",
        "值班岗位",
        "排班表上的岗位：值班、备勤、带班、二线和节假日岗。新开的月份按此取岗位，已开的月份不变。",
        &[
            needed(with(field("id", "编号", FieldKind::Text), "字母、数字，如 duty-main")),
            needed(field("name", "名称", FieldKind::Text)),
            needed(one(
                "kind",
                "类别",
                ChoiceSource::Words(&[
                    ("duty", "值班"),
                    ("standby", "备勤"),
                    ("lead", "带班"),
                    ("second_line", "二线"),
                    ("holiday", "节假日岗"),
                ]),
            )),
            needed(one(
                "shift",
                "班次",
                ChoiceSource::Words(&[
                    ("day", "白班 08:00-20:00"),
                    ("night", "夜班 20:00-次日08:00"),
                    ("24h", "全天 08:00-次日08:00"),
                    ("5x8", "办公时间"),
                ]),
            )),
            with(
                one(
                    "days",
                    "哪些日子",
                    ChoiceSource::Words(&[
                        ("all", "每天"),
                        ("workday", "工作日"),
                        ("nonworkday", "非工作日"),
                        ("statutory", "法定节假日"),
                    ]),
                ),
                "不填即每天",
            ),
            with(field("dates", "哪几天", FieldKind::Dates), "只在列明的日期设岗时填，填了就不填上一项"),
            with(field("from", "自何日", FieldKind::Date), "只在一段日期内设的岗位"),
            field("to", "至何日", FieldKind::Date),
            with(field("count", "人数", FieldKind::Number), "不填即 1 人"),
            field("skill", "所需技能", FieldKind::Text),
            with(field("pair_of", "与哪个岗位主备", FieldKind::Text), "写另一岗位的编号，同日不得为同一人"),
            with(
                one("presence", "在岗方式", ChoiceSource::Words(&[("onsite", "驻场"), ("remote", "远程")])),
                "不填即驻场",
            ),
            with(field("call_in_minutes", "召回时限（分钟）", FieldKind::Number), "接到通知后多少分钟到岗"),
            DIVISIONS,
            field("place", "地点", FieldKind::Text),
            with(field("clause", "合同条款", FieldKind::Text), "如 001:1754；合同没有写的不填"),
            NOTE,
        ],
        &["id"],
    ),
    single(section(
        "duty_rules",
        "排班规则",
        "休息、连续排班等限度。合同均未写明，按本项目约定；未约定时用程序的缺省值。",
        &[
            needed(with(field("rest_hours_min", "班次间至少休息（小时）", FieldKind::Number), "缺省 12")),
            needed(with(field("consecutive_days_max", "至多连续排班（天）", FieldKind::Number), "缺省 6")),
            needed(with(field("shifts_per_day_max", "一天至多几个班次", FieldKind::Number), "缺省 1")),
            needed(with(field("nights_in_row_max", "至多连续夜班（个）", FieldKind::Number), "缺省 2")),
            with(field("onsite_min", "工作日至少在岗（人）", FieldKind::Number), "不填即不检查"),
            with(
                one(
                    "swap_consent",
                    "换班另须谁同意",
                    ChoiceSource::Words(&[("nobody", "不须"), ("buyer", "采购人")]),
                ),
                "不填即不须",
            ),
            with(
                one(
                    "calendar_file",
                    "个人值班日历文件",
                    ChoiceSource::Words(&[("off", "不导出"), ("on", "可以导出")]),
                ),
                "不填即不导出；内网数据不出网的单位不要打开",
            ),
            NOTE,
        ],
        &[],
    )),
    section(
        "attendance",
        "考勤",
        "迟到、早退从几分钟起算。没有约定时，宽限 5 分钟，满 60 分钟记半天，满 180 分钟记旷工。",
        &[
            needed(with(
                field("late_grace_minutes", "迟到宽限（分钟）", FieldKind::Number),
                "宽限以内不计，超出后全部计入",
            )),
            needed(field("early_grace_minutes", "早退宽限（分钟）", FieldKind::Number)),
            needed(with(
                field("half_day_minutes", "记半天（分钟）", FieldKind::Number),
                "迟到或早退满此数，该时段记半天",
            )),
            needed(with(
                field("absent_minutes", "记旷工（分钟）", FieldKind::Number),
                "迟到或早退满此数，该时段记旷工",
            )),
            NOTE,
        ],
        &[],
    ),
    section(
        "stock_store",
        "备件库",
        "现场的备件库。每个库有自己的台账，只有登记了该库的电脑才有；换下的存储介质一律留存采购人，除非书面放行。",
        &[
            needed(with(field("id", "编号", FieldKind::Text), "字母、数字，如 main；用过以后不要改")),
            needed(field("name", "名称", FieldKind::Text)),
            with(
                one("kind", "类别", ChoiceSource::Words(&[("site", "现场库"), ("centre", "中心库")])),
                "中心库为各现场库供货，申请调拨时排在最前；不填即现场库",
            ),
            DIVISIONS,
            field("place", "地点", FieldKind::Text),
            with(
                field("media_clause", "存储介质留存的条款", FieldKind::Text),
                "如 002:5270；合同没有写的不填",
            ),
            NOTE,
        ],
        &["id"],
    ),
    section(
        "file",
        "附件类型",
        "工单可添加哪些类型的附件；未约定时只收图片、PDF、OFD、新版 Word 和 Excel、纯文本。前面的一条优先。",
        &[
            DIVISIONS,
            needed(Field {
                choices: ChoiceSource::Words(&[
                    ("jpg", "JPG 图片"),
                    ("png", "PNG 图片"),
                    ("pdf", "PDF"),
                    ("ofd", "OFD 版式文件"),
                    ("docx", "Word（docx）"),
                    ("xlsx", "Excel（xlsx）"),
                    ("pptx", "PowerPoint（pptx）"),
                    ("doc", "旧版 Word（doc，可能带宏）"),
                    ("xls", "旧版 Excel（xls，可能带宏）"),
                    ("txt", "纯文本（txt、log）"),
                    ("csv", "CSV 表"),
                ]),
                ..field("types", "类型", FieldKind::Choices)
            }),
            NOTE,
        ],
        &["divisions"],
    ),
    section(
        "answer",
        "书面答复",
        "采购人对其他事项的答复，只作记录和说明用。",
        &[
            needed(one("question", "事项", ChoiceSource::Questions)),
            needed(field("text", "答复", FieldKind::Long)),
        ],
        &["question"],
    ),
];

impl Section {
    /// Its fields with those of the basis.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> {
        let basis = if self.has_basis { BASIS } else { &[] };
        self.fields.iter().chain(basis)
    }

    /// Whether it stands for this key of the settings text.
    pub(super) fn holds(&self, table: &str) -> bool {
        match self.key {
            "acceptance" => matches!(table, "acceptance_date" | "acceptance_basis"),
            key => key == table,
        }
    }
}

/// The section with a key.
#[must_use]
pub fn section_of(key: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.key == key)
}

impl Topic {
    /// The section that answers it; `answer` where only words do.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::AcceptanceDate => "acceptance",
            Self::Basis | Self::Answer => "answer",
            topic => SECTIONS
                .iter()
                .find(|section| section.key == topic.as_str())
                .map_or("answer", |section| section.key),
        }
    }
}
