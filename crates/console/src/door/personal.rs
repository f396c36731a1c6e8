//! What a person keeps at this console: saved views, columns of the list, text not sent yet.
//!
//! Each is told apart by the user and read by nobody else. Drafts go with the person: whoever logs in
//! next finds none of another's, since they may hold names and phones.

use super::Door;
use super::dto::{DoorError, DraftDto, Nothing, PersonalDto, PersonalSave, SavedViewDto};
use crate::session::{Console, SessionError};
use crate::store::{Store, StoreError};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Most saved views of a person for one list: more do not fit beside it.
const VIEWS_MAX: usize = 20;
/// Longest name of a view, in characters.
const NAME_CHARS_MAX: usize = 20;
/// Lists with the parts of their address that a view keeps.
const LISTS: &[(&str, &[&str])] = &[
    (
        "orders",
        &["view", "search", "status", "division", "object", "level", "kind", "rule", "from", "to", "sort"],
    ),
    ("stock", &["view", "text", "category", "place"]),
];
/// Longest value of one of them, in characters.
const VALUE_CHARS_MAX: usize = 200;
/// Columns the list can show beside clock, level and title.
const COLUMNS: &[&str] =
    &["object", "division", "assignee", "status", "kind", "number", "reported_at", "deadline"];
/// Most drafts of a person; beyond it new ones are refused.
const DRAFTS_MAX: usize = 100;
/// Longest draft, in bytes: what fits into an event (SYNC 6), with room for the form around it.
const DRAFT_BYTES_MAX: usize = 128 * 1024;
/// Longest name of a draft, in characters.
const DRAFT_KEY_CHARS_MAX: usize = 200;

impl Door {
    pub(super) fn personal(&self) -> Result<PersonalDto, DoorError> {
        let console = self.console();
        let user = user(&console)?;
        read(console.store()?, &user)
    }

    pub(super) fn save_personal(&self, args: PersonalSave) -> Result<PersonalDto, DoorError> {
        if let Some(views) = &args.views {
            check_views(views)?;
        }
        let unknown = |column: &String| !COLUMNS.contains(&column.as_str());
        if args.columns.as_ref().is_some_and(|columns| columns.iter().any(unknown)) {
            return Err(DoorError::bad_input("没有所选的列，请重新选择。").at("columns"));
        }
        let mut console = self.console();
        let user = user(&console)?;
        let store = console.store_mut()?;
        if let Some(views) = args.views {
            store.set_setting(&format!("views/{user}"), &json(&views)?)?;
        }
        if let Some(columns) = args.columns {
            store.set_setting(&format!("columns/{user}"), &json(&columns)?)?;
        }
        read(store, &user)
    }

    pub(super) fn keep_draft(&self, args: &DraftDto) -> Result<Nothing, DoorError> {
        if args.key.is_empty() || args.key.chars().count() > DRAFT_KEY_CHARS_MAX {
            return Err(DoorError::bad_input("草稿的名称不对，请刷新界面后重试。").at("key"));
        }
        if args.text.len() > DRAFT_BYTES_MAX {
            return Err(DoorError::bad_input("草稿太长，未能保存；请先提交或精简。").at("text"));
        }
        let mut console = self.console();
        let user = user(&console)?;
        let store = console.store_mut()?;
        let kept = store.drafts(&user)?;
        let is_new = !args.text.is_empty() && !kept.iter().any(|(key, _)| *key == args.key);
        if is_new && kept.len() >= DRAFTS_MAX {
            return Err(DoorError::not_now("未提交的草稿太多，请先提交或取消一些。"));
        }
        store.keep_draft(&user, &args.key, &args.text)?;
        Ok(Nothing {})
    }
}

fn user(console: &Console) -> Result<String, DoorError> {
    Ok(console.session().ok_or(SessionError::LogInNeeded)?.user.to_string())
}

fn read(store: &Store, user: &str) -> Result<PersonalDto, DoorError> {
    Ok(PersonalDto {
        views: kept(store, &format!("views/{user}"))?,
        columns: kept(store, &format!("columns/{user}"))?,
        drafts: store.drafts(user)?.into_iter().map(|(key, text)| DraftDto { key, text }).collect(),
    })
}

/// A kept list; one that an older or newer program wrote otherwise counts as none.
fn kept<T: DeserializeOwned>(store: &Store, name: &str) -> Result<Vec<T>, StoreError> {
    Ok(store.setting(name)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn json(value: &impl serde::Serialize) -> Result<String, DoorError> {
    serde_json::to_string(value).map_err(DoorError::broken)
}

fn check_views(views: &[SavedViewDto]) -> Result<(), DoorError> {
    let wrong = |message: String| Err(DoorError::bad_input(message).at("views"));
    let mut names: BTreeSet<(&str, &str)> = BTreeSet::new();
    for view in views {
        let name = view.name.trim();
        let Some((list, keys)) = LISTS.iter().find(|(list, _)| *list == view.list) else {
            return wrong(format!("视图“{name}”所属的列表不能保存视图。"));
        };
        if views.iter().filter(|other| other.list == view.list).count() > VIEWS_MAX {
            return wrong(format!("最多保存 {VIEWS_MAX} 个视图，请先删除不用的。"));
        }
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return wrong(format!("视图名称须为 1 至 {NAME_CHARS_MAX} 字。"));
        }
        if !names.insert((*list, name)) {
            return wrong(format!("已有名为“{name}”的视图，请换个名称。"));
        }
        let unknown = |(key, value): (&String, &String)| {
            !keys.contains(&key.as_str()) || value.chars().count() > VALUE_CHARS_MAX
        };
        if view.query.iter().any(unknown) {
            return wrong(format!("视图“{name}”的条件无法保存，请重新筛选后再存。"));
        }
    }
    Ok(())
}
