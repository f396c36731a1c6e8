//! Other programs that register orders.

use std::fmt::Write as _;

use zaigang_domain::people::Deed;

use super::args::{Source, SourceAdd};
use super::dir::Dir;
use super::{Answer, CliError};
use crate::core::{NewSource, SourceListing};
use crate::host::{Durability, replace_file};
use crate::http::API_PATH;

pub(super) fn source(command: &Source) -> Result<Answer, CliError> {
    match command {
        Source::Add(add) => source_add(add),
        Source::List(at) => {
            let sources = Dir::of(at).open()?.source_list()?;
            let text: Vec<String> = sources.iter().map(line).collect();
            Answer::new(&sources, text.join("\n"))
        }
        Source::Revoke(revoke) => {
            Dir::of(&revoke.at).open()?.source_revoke(&revoke.source)?;
            let text = format!("已停用对接系统 {}，它的密钥从此无效。", revoke.source);
            Answer::new(serde_json::json!({ "source": revoke.source }), text)
        }
    }
}

fn line(listing: &SourceListing) -> String {
    let state = &listing.state;
    let divisions =
        if state.divisions.is_empty() { "全部部门".to_owned() } else { state.divisions.join("、") };
    let deeds: Vec<&str> =
        state.may.iter().filter_map(|word| Deed::from_code(word)).map(Deed::title).collect();
    let mut text = format!(
        "{}\t{}\t{}\t{divisions}\t{}\t每分钟 {} 次",
        listing.source,
        state.name,
        state.contract,
        deeds.join("、"),
        state.per_minute
    );
    if state.pool {
        text.push_str("\t登记后派到组");
    }
    if state.revoked {
        text.push_str("\t已停用");
    }
    text
}

fn source_add(add: &SourceAdd) -> Result<Answer, CliError> {
    let new = NewSource {
        name: add.name.clone(),
        contract: add.contract.clone(),
        divisions: add.divisions.clone(),
        may: add.may.clone(),
        pool: add.pool,
        per_minute: add.per_minute,
    };
    let added = Dir::of(&add.at).open()?.source_add(&new)?;
    let mut text =
        format!("已登记对接系统 {}（{}），接口地址为中心端的 {API_PATH}。", new.name, added.source);
    let Some(path) = &add.key_file else {
        let _ = write!(text, "\n密钥（只显示一次，请妥善保管）：{}", added.key);
        return Answer::new(added, text);
    };
    replace_file(path, format!("{}\n", added.key).as_bytes(), Durability::Synced)
        .map_err(CliError::failed(&path.display().to_string()))?;
    let _ = write!(text, "\n密钥已存为 {}（只有本用户可读），不再显示。", path.display());
    Answer::new(serde_json::json!({ "source": added.source }), text)
}
