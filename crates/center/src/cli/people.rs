//! Users and devices.

use std::fmt::Write as _;

use super::args::{Device, DeviceCode, User, UserAdd};
use super::dir::Dir;
use super::secret::password;
use super::{Answer, CliError};
use crate::core::{CodeRequest, NewUser};
use crate::host::{Durability, replace_file};

pub(super) fn user(command: &User) -> Result<Answer, CliError> {
    match command {
        User::Add(add) => user_add(add),
        User::Disable(who) => {
            Dir::of(&who.at).open()?.user_disable(&who.login)?;
            Answer::new(serde_json::json!({ "login": who.login }), format!("已停用 {}。", who.login))
        }
        User::Reset(reset) => {
            let given = password(&reset.password)?;
            let login = &reset.who.login;
            let made =
                Dir::of(&reset.who.at).open()?.user_reset(login, given.as_deref().map(String::as_str))?;
            answer_password(serde_json::json!({ "login": login }), format!("已重置 {login} 的密码。"), made)
        }
        User::List(at) => {
            let users = Dir::of(at).open()?.user_list()?;
            let mut text = String::new();
            for user in &users {
                let roles: Vec<&str> = user.state.roles.iter().map(|role| role.title()).collect();
                let state = if user.state.disabled { "已停用" } else { "" };
                let _ = writeln!(
                    text,
                    "{}\t{}\t{}\t{state}",
                    user.state.login,
                    user.state.name,
                    roles.join("、")
                );
            }
            Answer::new(users, text.trim_end())
        }
    }
}

fn user_add(add: &UserAdd) -> Result<Answer, CliError> {
    let given = password(&add.password)?;
    let new = NewUser {
        login: add.who.login.clone(),
        name: add.name.clone(),
        roles: add.roles.clone(),
        contracts: add.contracts.clone(),
        divisions: add.divisions.clone(),
        post: add.post.clone(),
        remote: add.remote,
        password: given.map(|given| String::clone(&given)),
    };
    let (user, made) = Dir::of(&add.who.at).open()?.user_add(&new)?;
    let text = format!("已新增 {}（{}）。", new.name, new.login);
    answer_password(serde_json::json!({ "user": user, "login": new.login }), text, made)
}

fn answer_password(
    mut json: serde_json::Value,
    mut text: String,
    made: Option<String>,
) -> Result<Answer, CliError> {
    if let Some(made) = made {
        let _ = write!(text, "\n一次性密码（只显示一次，首次登录须更改）：{made}");
        if let Some(object) = json.as_object_mut() {
            object.insert("one_time_password".into(), made.into());
        }
    }
    Answer::new(json, text)
}

pub(super) fn device(command: &Device) -> Result<Answer, CliError> {
    match command {
        Device::Code(code) => device_code(code),
        Device::List(at) => {
            let devices = Dir::of(at).open()?.device_list()?;
            let mut text = String::new();
            for device in &devices {
                let state = match (device.revoked, device.stopped.is_empty()) {
                    (true, _) => "已停用",
                    (false, false) => "历史分叉，已停止同步",
                    (false, true) => "",
                };
                let _ =
                    writeln!(text, "{}\t{}\t{}\t{state}", device.device, device.name, device.logs.join(" "));
            }
            Answer::new(devices, text.trim_end())
        }
        Device::Revoke(revoke) => {
            Dir::of(&revoke.at).open()?.device_revoke(&revoke.device)?;
            let text = format!("已停用工作台 {}。", revoke.device);
            Answer::new(serde_json::json!({ "device": revoke.device }), text)
        }
    }
}

fn device_code(command: &DeviceCode) -> Result<Answer, CliError> {
    let request = CodeRequest {
        name: command.name.clone(),
        logs: command.logs.clone(),
        classes: command.classes.clone(),
    };
    let code = Dir::of(&command.at).open()?.device_code(&request)?;
    let mut text = format!("{}\n一次有效，15 分钟内使用。数据范围：{}", code.text, code.logs.join(" "));
    if let Some(path) = &command.to {
        let line = format!("{}\n", code.text);
        replace_file(path, line.as_bytes(), Durability::Synced)
            .map_err(CliError::failed(&path.display().to_string()))?;
        let _ = write!(text, "\n已存为 {}。", path.display());
    }
    Answer::new(code, text)
}
