//! Forms and tables of a store: 备件领用单, 盘点表, 调拨单, 交接单, the registers of 002:5954-5956, and lists as files.

use super::Shelf;
use crate::buyer::{Made as Kept, watermark};
use crate::door::dto::{
    DoorError, ExportedFile, LedgerArgs, MovementRow, PartRow, SheetField, StockExport, StockPartsArgs,
    StockPrint, StockSheet, TransferRef, Written,
};
use crate::order::{Desk, Pen, filled, key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zaigang_domain::calendar::{ZONE, format_instant, parse_instant};
use zaigang_domain::people::{Export, may_export};
use zaigang_domain::stock::{Charge, Owner, Tracking};
use zaigang_report::{Column, Table};

/// Most rows of a file or register. A guess: a site's year.
const ROWS_MAX: u32 = 20_000;

/// Headings of the template, which the import reads: 型号编号 is what tells a known model from a new one.
pub(super) const TEMPLATE: &[(&str, u16)] = &[
    ("型号编号", 40),
    ("名称", 18),
    ("类别", 14),
    ("品牌", 14),
    ("规格型号", 22),
    ("单位", 8),
    ("管理方式", 12),
    ("下限", 8),
    ("适用设备", 28),
    ("结算方式", 14),
    ("限额", 14),
    ("存储介质", 10),
    ("备注", 28),
    ("停用", 8),
    ("库位", 18),
    ("归属", 10),
    ("序列号", 18),
    ("期初数量", 10),
];

struct Sheet {
    title: String,
    head: Vec<(&'static str, String)>,
    columns: Vec<(&'static str, u16)>,
    rows: Vec<Vec<String>>,
    signatures: Vec<(&'static str, String)>,
    note: String,
}

fn owner_title(code: &str) -> String {
    Owner::from_code(code).map(|owner| owner.title().to_owned()).unwrap_or_default()
}

/// `2025-10-15 09:00` of an instant as the door writes it.
fn minute(at: &str) -> String {
    parse_instant(at)
        .map(|at| ZONE.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

impl Desk<'_> {
    fn stock_sheet(&self, shelf: &Shelf, form: &str, args: &SheetArgs) -> Result<Sheet, DoorError> {
        match form {
            "slip" => self.slip_sheet(args),
            "take" => self.take_sheet(args),
            "transfer" => self.transfer_sheet(shelf, args),
            "handover" => self.handover_sheet(shelf, args),
            "repairs" => self.service_register(shelf, args),
            "repair_records" => self.register(
                shelf,
                args,
                "维修记录表",
                &["sent_to_repair", "back_from_repair"],
                REPAIR_COLUMNS,
                repair_cells,
            ),
            "damages" => self.register(
                shelf,
                args,
                "设备损坏登记表",
                &["replaced", "scrapped"],
                DAMAGE_COLUMNS,
                damage_cells,
            ),
            "removals" => {
                self.register(shelf, args, "拆除设备登记表", &["replaced"], REMOVAL_COLUMNS, removal_cells)
            }
            "parts" => self.part_table(shelf),
            "balances" => self.balance_table(shelf),
            "ledger" => self.ledger_table(shelf, args),
            "reorder" => self.reorder_table(shelf),
            "template" => self.template(shelf),
            _ => Err(DoorError::bad_input("没有这种表单，请重新选择。").at("form")),
        }
    }

    fn slip_sheet(&self, args: &SheetArgs) -> Result<Sheet, DoorError> {
        let slip = self.stock_slip(args.id()?)?;
        let (shelf, _, state) = self.slip(args.id()?)?;
        let purpose =
            if slip.order.is_empty() { slip.reason.clone() } else { format!("工单 {}", slip.order) };
        let rows = (1_u32..).zip(&slip.lines).map(|(at, line)| {
            let back = match line.old_returned {
                Some(true) => "已交回",
                Some(false) => "未交回",
                None => "",
            };
            vec![
                at.to_string(),
                line.part_name.clone(),
                line.model.clone(),
                line.unit.clone(),
                line.quantity.to_string(),
                line.serials.join("、"),
                back.to_owned(),
                line.place.clone(),
            ]
        });
        let approved = state.decision.as_ref().and_then(|said| said.by.as_ref());
        let issued = state.issue.as_ref().and_then(|said| said.by.as_ref());
        Ok(Sheet {
            title: "备件领用单".to_owned(),
            head: vec![
                ("单号", slip.number.clone()),
                ("日期", minute(&slip.at)),
                ("领用人/部门", format!("{}/{}", slip.asker_name, slip.department)),
                ("工单号/用途", purpose),
                ("备件库", shelf.name()),
                ("状态", slip.stage_name.clone()),
            ],
            columns: vec![
                ("序号", 6),
                ("名称", 18),
                ("规格型号", 22),
                ("单位", 8),
                ("数量", 8),
                ("序列号", 24),
                ("旧件是否交回", 12),
                ("备注", 18),
            ],
            rows: rows.collect(),
            signatures: vec![
                ("领用人", slip.asker_name),
                ("发放人", self.optional_name(issued)?),
                ("审批人", self.optional_name(approved)?),
            ],
            note: slip.returned.join("；"),
        })
    }

    fn take_sheet(&self, args: &SheetArgs) -> Result<Sheet, DoorError> {
        let take = self.stock_take(args.id()?)?;
        let rows = take.lines.iter().map(|line| {
            vec![
                line.place_name.clone(),
                line.part_name.clone(),
                line.unit.clone(),
                line.serial.clone(),
                owner_title(&line.owner),
                line.book.map(|book| book.to_string()).unwrap_or_default(),
                line.quantity.to_string(),
                line.by.clone(),
                minute(&line.at),
            ]
        });
        let differences: Vec<String> = take
            .variance
            .iter()
            .map(|row| {
                let serial = if row.serial.is_empty() { String::new() } else { format!(" {}", row.serial) };
                format!(
                    "{} {}{serial}：{} 账 {} 实 {}",
                    row.place_name, row.part_name, row.kind_name, row.book, row.counted
                )
            })
            .collect();
        let signers: Vec<String> = take
            .signatures
            .iter()
            .map(|signature| format!("{} {}", signature.name, minute(&signature.at)))
            .collect();
        Ok(Sheet {
            title: "盘点表".to_owned(),
            head: vec![
                ("名称", take.row.name.clone()),
                ("范围", take.row.places.clone()),
                ("开始", minute(&take.row.at)),
                ("结束", take.closed_at.as_deref().map(minute).unwrap_or_default()),
                ("状态", take.row.stage_name.clone()),
            ],
            columns: vec![
                ("库位", 22),
                ("名称规格", 28),
                ("单位", 8),
                ("序列号", 20),
                ("归属", 10),
                ("账面", 8),
                ("实点", 8),
                ("清点人", 12),
                ("时间", 17),
            ],
            rows: rows.collect(),
            signatures: vec![
                ("盘点人", signers.first().cloned().unwrap_or_default()),
                ("监盘人", signers.get(1).cloned().unwrap_or_default()),
                ("批准人", signers.get(2).cloned().unwrap_or_default()),
            ],
            note: if differences.is_empty() { "无差异".to_owned() } else { differences.join("；") },
        })
    }

    fn transfer_sheet(&self, shelf: &Shelf, args: &SheetArgs) -> Result<Sheet, DoorError> {
        let asked = TransferRef { id: args.id()?.to_owned(), store: Some(shelf.log.to_string()) };
        let transfer = self.stock_transfer(&asked)?;
        let is_in = transfer.role == "in";
        let (own, other) = (shelf.name(), transfer.other_name.clone());
        let (from, to) = if is_in { (other, own) } else { (own, other) };
        let rows = (1_u32..).zip(&transfer.lines).map(|(at, line)| {
            let differs = if line.in_transit == 0 || transfer.stage == "in_transit" {
                String::new()
            } else {
                format!("差 {}", line.in_transit)
            };
            vec![
                at.to_string(),
                line.item.name.clone(),
                line.item.model.clone(),
                line.unit.clone(),
                line.asked.to_string(),
                line.shipped.to_string(),
                line.received.to_string(),
                owner_title(&line.item.owner),
                line.missing.join("、"),
                differs,
            ]
        });
        // A name stands before the moment: `钱库 10-15 09:00`.
        let name = |said: &str| said.split(' ').next().unwrap_or_default().to_owned();
        let received = transfer.receipts.iter().rfind(|text| text.starts_with("收货 "));
        let received = received.and_then(|text| text.split(' ').nth(1)).unwrap_or_default().to_owned();
        let note: Vec<&str> = transfer.receipts.iter().chain(&transfer.notes).map(String::as_str).collect();
        Ok(Sheet {
            title: "备件调拨单（交接单）".to_owned(),
            head: vec![
                ("单号", transfer.number.clone()),
                ("申请日期", minute(&transfer.at)),
                ("发货库", from),
                ("收货库", to),
                ("事由", transfer.reason.clone()),
                ("承运/单号", [transfer.carrier.as_str(), &transfer.document].join(" ").trim().to_owned()),
                ("状态", transfer.stage_name.clone()),
            ],
            columns: vec![
                ("序号", 6),
                ("名称", 18),
                ("规格型号", 22),
                ("单位", 8),
                ("申请", 8),
                ("发出", 8),
                ("收到", 8),
                ("归属", 10),
                ("在途序列号", 24),
                ("差异", 8),
            ],
            rows: rows.collect(),
            signatures: vec![
                ("申请人", transfer.asker_name.clone()),
                ("审批人", name(&transfer.decided)),
                ("发货人", name(&transfer.shipped)),
                ("收货人", received),
            ],
            note: note.join("；"),
        })
    }

    fn handover_sheet(&self, shelf: &Shelf, args: &SheetArgs) -> Result<Sheet, DoorError> {
        let rows = self.movement_rows(shelf, &[args.id()?.to_owned()])?;
        let row = rows
            .first()
            .ok_or_else(|| DoorError::not_found("本机没有这笔出入库，请同步后重试。").at("id"))?;
        let fate = row.fate.clone().unwrap_or_default();
        Ok(Sheet {
            title: "交接单".to_owned(),
            head: vec![
                ("日期", minute(&row.at)),
                ("类别", row.kind_name.clone()),
                ("工单号/用途", if row.order.is_empty() { row.reason.clone() } else { row.order.clone() }),
                ("单据号", row.document.clone()),
            ],
            columns: vec![
                ("名称规格", 28),
                ("序列号", 20),
                ("数量", 8),
                ("单位", 8),
                ("归属", 10),
                ("自", 18),
                ("至", 18),
                ("坏件去向", 12),
                ("出门条号", 14),
            ],
            rows: vec![vec![
                row.part_name.clone(),
                row.serial.clone(),
                row.quantity.to_string(),
                row.unit.clone(),
                owner_title(&row.owner),
                row.from.clone(),
                row.to.clone(),
                fate.name,
                fate.pass_no,
            ]],
            signatures: vec![("移交人", row.by.clone()), ("接收人", fate.receiver), ("见证人", fate.witness)],
            note: fate.released_by,
        })
    }

    fn ledger_rows(
        &self,
        shelf: &Shelf,
        args: &SheetArgs,
        kind: Option<&str>,
    ) -> Result<Vec<MovementRow>, DoorError> {
        let mut rows = Vec::new();
        loop {
            let page = self.stock_ledger(&LedgerArgs {
                store: Some(shelf.log.to_string()),
                kind: kind.map(str::to_owned),
                from: args.from.clone(),
                to: args.to.clone(),
                offset: u32::try_from(rows.len()).unwrap_or(u32::MAX),
                limit: super::PAGE.1,
                ..LedgerArgs::default()
            })?;
            if page.total > ROWS_MAX {
                let message = format!("共 {} 行，一次最多 {ROWS_MAX} 行，请缩短日期。", page.total);
                return Err(DoorError::bad_input(message).at("from"));
            }
            let done = page.rows.is_empty();
            rows.extend(page.rows);
            if done || rows.len() >= page.total as usize {
                return Ok(rows);
            }
        }
    }

    fn register(
        &self,
        shelf: &Shelf,
        args: &SheetArgs,
        title: &str,
        kinds: &[&str],
        columns: &[(&'static str, u16)],
        cells: fn(&MovementRow) -> Vec<String>,
    ) -> Result<Sheet, DoorError> {
        let mut rows = Vec::new();
        for kind in kinds {
            rows.extend(self.ledger_rows(shelf, args, Some(kind))?);
        }
        rows.retain(|row| row.unreconciled.is_empty());
        rows.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
        Ok(register_sheet(shelf, args, title, columns.to_vec(), rows.iter().map(cells).collect()))
    }

    /// 维修服务台账 (002:5954): per order when, what was wrong, what was done, parts by name and quantity.
    fn service_register(&self, shelf: &Shelf, args: &SheetArgs) -> Result<Sheet, DoorError> {
        let mut issued = self.ledger_rows(shelf, args, Some("issued"))?;
        issued.retain(|row| !row.order.is_empty() && row.unreconciled.is_empty());
        issued.sort_by(|a, b| (&a.order, &a.at, &a.id).cmp(&(&b.order, &b.at, &b.id)));
        let mut rows: Vec<Vec<String>> = Vec::new();
        for of_order in issued.chunk_by(|a, b| a.order == b.order) {
            let Some(first) = of_order.first() else { continue };
            let order = first.order_id.as_ref().and_then(|id| self.order(id).ok()).map(|(_, order)| order);
            let parts: Vec<String> = of_order
                .iter()
                .map(|row| format!("{} {} {}", row.part_name, row.quantity, row.unit))
                .collect();
            let fault = order.as_ref().map(|order| order.title.clone()).unwrap_or_default();
            let done: Vec<&str> =
                of_order.iter().map(|row| row.reason.as_str()).filter(|text| !text.is_empty()).collect();
            rows.push(vec![
                minute(&first.at),
                first.order.clone(),
                fault,
                done.first().copied().unwrap_or("更换备件").to_owned(),
                parts.join("；"),
                first.by.clone(),
            ]);
        }
        rows.sort();
        let columns = vec![
            ("维护时间", 17),
            ("工单号", 28),
            ("故障现象", 30),
            ("解决方法", 30),
            ("更换零部件名称和数量", 36),
            ("维修人", 12),
        ];
        Ok(register_sheet(shelf, args, "维修服务台账", columns, rows))
    }

    fn part_table(&self, shelf: &Shelf) -> Result<Sheet, DoorError> {
        let rows = self.part_rows(shelf, "all")?;
        let cells = rows.iter().map(|row| {
            vec![
                row.category.clone(),
                row.name.clone(),
                row.maker.clone(),
                row.model.clone(),
                row.unit.clone(),
                row.on_hand.to_string(),
                row.reserved.to_string(),
                row.available.to_string(),
                row.in_repair.to_string(),
                row.on_loan.to_string(),
                row.minimum.to_string(),
                row.alert_text.clone(),
                row.places.clone(),
            ]
        });
        Ok(list_sheet("备件库存", PART_COLUMNS, cells.collect()))
    }

    /// All models of a view.
    pub(super) fn part_rows(&self, shelf: &Shelf, view: &str) -> Result<Vec<PartRow>, DoorError> {
        let mut rows = Vec::new();
        loop {
            let page = self.stock_parts(&StockPartsArgs {
                store: Some(shelf.log.to_string()),
                view: Some(view.to_owned()),
                offset: u32::try_from(rows.len()).unwrap_or(u32::MAX),
                limit: super::PAGE.1,
                ..StockPartsArgs::default()
            })?;
            if page.total > ROWS_MAX {
                let message = format!("共 {} 个型号，一次最多 {ROWS_MAX} 行。", page.total);
                return Err(DoorError::bad_input(message).at("form"));
            }
            let done = page.rows.is_empty();
            rows.extend(page.rows);
            if done || rows.len() >= page.total as usize {
                return Ok(rows);
            }
        }
    }

    fn balance_table(&self, shelf: &Shelf) -> Result<Sheet, DoorError> {
        let mut args = crate::door::dto::BalanceAtArgs {
            store: Some(shelf.log.to_string()),
            at: format_instant(self.now),
            limit: super::PAGE.1,
            ..Default::default()
        };
        let mut balances = Vec::new();
        loop {
            let page = self.stock_balance_at(&args)?;
            balances.extend(page.balances);
            args.offset += args.limit;
            if args.offset >= page.total {
                break;
            }
        }
        let cells = balances.iter().map(|row| {
            vec![
                row.part_name.clone(),
                row.place_name.clone(),
                owner_title(&row.owner),
                row.quantity.to_string(),
                row.unit.clone(),
            ]
        });
        Ok(list_sheet("备件结存", BALANCE_COLUMNS, cells.collect()))
    }

    fn ledger_table(&self, shelf: &Shelf, args: &SheetArgs) -> Result<Sheet, DoorError> {
        let rows = self.ledger_rows(shelf, args, None)?;
        Ok(list_sheet("出入库流水", LEDGER_COLUMNS, rows.iter().map(ledger_cells).collect()))
    }

    fn reorder_table(&self, shelf: &Shelf) -> Result<Sheet, DoorError> {
        let rows = self.stock_reorder(Some(shelf.log.as_str()))?;
        let cells = rows.iter().map(|row| {
            vec![
                row.part.name.clone(),
                row.part.model.clone(),
                row.part.unit.clone(),
                row.part.available.to_string(),
                row.part.minimum.to_string(),
                row.suggested.to_string(),
                row.why.clone(),
            ]
        });
        Ok(list_sheet("备件采购建议", REORDER_COLUMNS, cells.collect()))
    }

    /// Models as the import reads them, first quantities left out.
    fn template(&self, shelf: &Shelf) -> Result<Sheet, DoorError> {
        let mut rows = Vec::new();
        for row in self.part_rows(shelf, "all")?.into_iter().chain(self.part_rows(shelf, "closed")?) {
            let card = self.part(shelf, &row.id)?.card;
            rows.push(vec![
                row.id,
                card.name,
                card.category,
                card.maker,
                card.model,
                card.unit,
                card.tracking.title().to_owned(),
                card.minimum.to_string(),
                card.compatible.join("、"),
                card.charge.map(Charge::title).unwrap_or_default().to_owned(),
                card.charge_limit,
                if card.storage_medium { "是" } else { "" }.to_owned(),
                card.note,
                if card.closed { "是" } else { "" }.to_owned(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ]);
        }
        let mut sheet = list_sheet("备件导入模板", TEMPLATE, rows);
        let trackings = Tracking::ALL.map(Tracking::title).join("、");
        sheet.note = format!("新型号不填型号编号；管理方式：{trackings}；按序列号的每件一行，期初数量填 1。");
        Ok(sheet)
    }
}

fn list_sheet(title: &str, columns: &[(&'static str, u16)], rows: Vec<Vec<String>>) -> Sheet {
    Sheet {
        title: title.to_owned(),
        head: Vec::new(),
        columns: columns.to_vec(),
        rows,
        signatures: Vec::new(),
        note: String::new(),
    }
}

fn register_sheet(
    shelf: &Shelf,
    args: &SheetArgs,
    title: &str,
    columns: Vec<(&'static str, u16)>,
    rows: Vec<Vec<String>>,
) -> Sheet {
    let span = [args.from.as_deref(), args.to.as_deref()].map(|day| day.unwrap_or("不限")).join(" 至 ");
    Sheet {
        title: title.to_owned(),
        head: vec![("备件库", shelf.name()), ("日期", span)],
        columns,
        rows,
        signatures: vec![("登记人", String::new()), ("审核人", String::new())],
        note: String::new(),
    }
}

const PART_COLUMNS: &[(&str, u16)] = &[
    ("类别", 14),
    ("名称", 18),
    ("品牌", 14),
    ("规格型号", 22),
    ("单位", 8),
    ("在库", 8),
    ("已预留", 8),
    ("可用", 8),
    ("在修", 8),
    ("借出", 8),
    ("下限", 8),
    ("提示", 28),
    ("库位", 36),
];
const BALANCE_COLUMNS: &[(&str, u16)] =
    &[("名称规格", 30), ("库位", 28), ("归属", 10), ("数量", 8), ("单位", 8)];
const REORDER_COLUMNS: &[(&str, u16)] = &[
    ("名称", 18),
    ("规格型号", 22),
    ("单位", 8),
    ("可用", 8),
    ("下限", 8),
    ("建议采购", 10),
    ("怎样算的", 48),
];
const LEDGER_COLUMNS: &[(&str, u16)] = &[
    ("编号", 44),
    ("时间", 17),
    ("类别", 12),
    ("名称规格", 28),
    ("序列号", 20),
    ("批次", 12),
    ("数量", 8),
    ("单位", 8),
    ("自", 18),
    ("至", 18),
    ("归属", 10),
    ("工单号", 28),
    ("单据号", 20),
    ("事由", 28),
    ("登记人", 12),
    ("说明", 20),
];
const REPAIR_COLUMNS: &[(&str, u16)] = &[
    ("日期", 17),
    ("类别", 10),
    ("名称规格", 28),
    ("序列号", 20),
    ("数量", 8),
    ("自", 18),
    ("至", 18),
    ("故障与处理", 30),
    ("单据号", 20),
    ("登记人", 12),
];
const DAMAGE_COLUMNS: &[(&str, u16)] = &[
    ("日期", 17),
    ("名称规格", 28),
    ("序列号", 20),
    ("数量", 8),
    ("单位", 8),
    ("工单号", 28),
    ("损坏情况", 30),
    ("去向", 12),
    ("登记人", 12),
];
const REMOVAL_COLUMNS: &[(&str, u16)] = &[
    ("日期", 17),
    ("名称规格", 28),
    ("序列号", 20),
    ("数量", 8),
    ("单位", 8),
    ("归属", 10),
    ("工单号", 28),
    ("存放处", 18),
    ("去向", 12),
    ("接收人", 14),
    ("见证人", 14),
    ("出门条号", 14),
];

fn ledger_cells(row: &MovementRow) -> Vec<String> {
    vec![
        row.id.clone(),
        minute(&row.at),
        row.kind_name.clone(),
        row.part_name.clone(),
        row.serial.clone(),
        row.batch.clone(),
        row.quantity.to_string(),
        row.unit.clone(),
        row.from.clone(),
        row.to.clone(),
        owner_title(&row.owner),
        row.order.clone(),
        row.document.clone(),
        row.reason.clone(),
        row.by.clone(),
        if row.unreconciled.is_empty() { String::new() } else { "未计入结存".to_owned() },
    ]
}

fn repair_cells(row: &MovementRow) -> Vec<String> {
    vec![
        minute(&row.at),
        row.kind_name.clone(),
        row.part_name.clone(),
        row.serial.clone(),
        row.quantity.to_string(),
        row.from.clone(),
        row.to.clone(),
        row.reason.clone(),
        row.document.clone(),
        row.by.clone(),
    ]
}

fn damage_cells(row: &MovementRow) -> Vec<String> {
    vec![
        minute(&row.at),
        row.part_name.clone(),
        row.serial.clone(),
        row.quantity.to_string(),
        row.unit.clone(),
        row.order.clone(),
        row.reason.clone(),
        row.fate.clone().map(|fate| fate.name).unwrap_or_default(),
        row.by.clone(),
    ]
}

fn removal_cells(row: &MovementRow) -> Vec<String> {
    let fate = row.fate.clone().unwrap_or_default();
    vec![
        minute(&row.at),
        row.part_name.clone(),
        row.serial.clone(),
        row.quantity.to_string(),
        row.unit.clone(),
        owner_title(&row.owner),
        row.order.clone(),
        row.to.clone(),
        fate.name,
        fate.receiver,
        fate.witness,
        fate.pass_no,
    ]
}

/// What a form is made of: an entity, or a span of days.
struct SheetArgs {
    id: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl SheetArgs {
    fn id(&self) -> Result<&str, DoorError> {
        self.id.as_deref().ok_or_else(|| DoorError::bad_input("请先选择要打印的单据。").at("id"))
    }
}

impl Pen<'_> {
    /// Hands a form to the printer.
    ///
    /// # Errors
    /// Not allowed; bad input for an unknown form; not now where the same print was handed out already.
    pub fn print_stock(&mut self, args: &StockPrint) -> Result<(StockSheet, Written), DoorError> {
        let key = key(self, "print", &args.idempotency_key)?;
        may_export(self.actor, Export::Stock, None).map_err(DoorError::not_allowed)?;
        let desk = self.desk();
        let shelf = desk.shelf(args.store.as_deref())?;
        let of = SheetArgs { id: filled(args.id.as_ref()), from: args.from.clone(), to: args.to.clone() };
        let sheet = desk.stock_sheet(&shelf, args.form.trim(), &of)?;
        let field = |(name, text): (&str, String)| SheetField { name: name.to_owned(), text };
        let page = StockSheet {
            title: sheet.title,
            head: sheet.head.into_iter().map(field).collect(),
            columns: sheet.columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            rows: sheet.rows,
            signatures: sheet.signatures.into_iter().map(field).collect(),
            note: sheet.note,
            watermark: watermark(&desk, "打印")?,
        };
        let bytes = serde_json::to_vec(&page).map_err(DoorError::broken)?;
        let kept = Kept {
            export: Export::Stock,
            what: page.title.clone(),
            rows: 1,
            format: "print",
            watermark: page.watermark.clone(),
        };
        let written = self.exported(kept, &bytes, &key)?;
        Ok((page, written))
    }

    /// Takes a table out of the store.
    ///
    /// # Errors
    /// As [`Pen::print_stock`].
    pub fn export_stock(&mut self, args: &StockExport) -> Result<(ExportedFile, Written), DoorError> {
        let key = key(self, "export", &args.idempotency_key)?;
        may_export(self.actor, Export::Stock, None).map_err(DoorError::not_allowed)?;
        let desk = self.desk();
        let shelf = desk.shelf(args.store.as_deref())?;
        let of = SheetArgs { id: filled(args.id.as_ref()), from: args.from.clone(), to: args.to.clone() };
        let sheet = desk.stock_sheet(&shelf, args.what.trim(), &of).map_err(|error| {
            match error.field.as_deref() {
                Some("form") => error.at("what"),
                _ => error,
            }
        })?;
        let watermark = watermark(&desk, "导出")?;
        let columns =
            sheet.columns.iter().map(|(name, width)| Column { name: (*name).to_owned(), width: *width });
        let table = Table {
            title: sheet.title.clone(),
            columns: columns.collect(),
            rows: sheet.rows,
            watermark: watermark.clone(),
        };
        let (format, media_type, bytes) = match args.format.trim() {
            "xlsx" => ("xlsx", XLSX, zaigang_report::xlsx(&table).map_err(DoorError::broken)?),
            "csv" => ("csv", CSV, zaigang_report::csv(&table)),
            _ => return Err(DoorError::bad_input("文件格式只能是 XLSX 或 CSV。").at("format")),
        };
        let rows = table.rows.len();
        let kept = Kept { export: Export::Stock, what: sheet.title.clone(), rows, format, watermark };
        let written = self.exported(kept, &bytes, &key)?;
        let at = ZONE.to_datetime(self.host.now()).strftime("%Y%m%d-%H%M").to_string();
        let file = ExportedFile {
            name: format!("{}-{at}.{format}", sheet.title),
            media_type: media_type.to_owned(),
            base64: STANDARD.encode(&bytes),
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            message: written.message.clone(),
        };
        Ok((file, written))
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv;charset=utf-8";
