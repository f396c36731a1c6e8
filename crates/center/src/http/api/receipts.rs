//! Receipts: parts that another platform brought into a store.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use zaigang_domain::stock::{LINES_MAX, NAME_CHARS_MAX, Owner, QUANTITY_MAX, TEXT_CHARS_MAX};

use super::fields::{Fields, Lines};
use super::orders::{answer, once};
use super::refused::Refused;
use super::{Body, answered, caller, json_body};
use crate::core::api::{ApiError, ReceiptAsk, ReceiptLine, Told};
use crate::http::app::{App, Desk};

pub(super) async fn receive(
    State(app): State<Arc<App>>,
    extensions: Extensions,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let source = caller(&app, &headers, &extensions).await?.source;
    let act = async {
        let body = json_body(&headers, body)?;
        let once = once(&headers, "receipts", &body)?;
        let ask = receipt_ask(Fields::of(&body)?)?;
        let id = source.clone();
        Ok::<Told, Refused>(
            app.on(Desk::Pushes, move |centre| Ok(centre.stock_receive(&id, &once, &ask))).await??,
        )
    };
    answered(&source, act.await.map(answer))
}

fn receipt_ask(mut fields: Fields) -> Result<ReceiptAsk, ApiError> {
    let owner = fields.choice("owner", &[Owner::Supplier.code(), Owner::Buyer.code()])?;
    let ask = ReceiptAsk {
        store: fields.required("store", NAME_CHARS_MAX, Lines::One)?,
        place: fields.text("place", NAME_CHARS_MAX, Lines::One)?,
        document: fields.required("document", NAME_CHARS_MAX, Lines::One)?,
        owner: owner.as_deref().and_then(Owner::from_code).unwrap_or_default(),
        reason: fields.text("reason", TEXT_CHARS_MAX, Lines::One)?.unwrap_or_default(),
        lines: lines(&mut fields)?,
    };
    fields.done()?;
    Ok(ask)
}

fn lines(fields: &mut Fields) -> Result<Vec<ReceiptLine>, ApiError> {
    let rows = fields.objects("lines", LINES_MAX)?;
    let mut lines = Vec::with_capacity(rows.len());
    for mut row in rows {
        lines.push(ReceiptLine {
            name: row.required("name", NAME_CHARS_MAX, Lines::One)?,
            model: row.text("model", NAME_CHARS_MAX, Lines::One)?.unwrap_or_default(),
            quantity: row.count("quantity", QUANTITY_MAX)?,
            serials: row.texts("serials", LINES_MAX, NAME_CHARS_MAX)?,
            batch: row.text("batch", NAME_CHARS_MAX, Lines::One)?,
        });
        row.done()?;
    }
    let pieces: usize = lines.iter().map(|line| line.serials.len().max(1)).sum();
    if pieces > LINES_MAX {
        return Err(ApiError::field("lines", format!("一次最多 {LINES_MAX} 行或件，请分次发送。")));
    }
    Ok(lines)
}
