//! Passwords come from a file or from standard input, never from the arguments that `ps` shows.

use std::io::BufRead as _;

use zeroize::Zeroizing;

use super::CliError;
use super::args::PasswordSource;
use crate::host::read_text;

/// The password given, or `None` to have a one-time one made.
pub(super) fn password(source: &PasswordSource) -> Result<Option<Zeroizing<String>>, CliError> {
    let text = if let Some(path) = &source.password_file {
        let text = read_text(path).map_err(CliError::failed(&path.display().to_string()))?;
        Zeroizing::new(text.ok_or_else(|| CliError::Input(format!("没有文件 {}", path.display())))?)
    } else if source.password_stdin {
        let mut line = Zeroizing::new(String::new());
        std::io::stdin().lock().read_line(&mut line).map_err(CliError::failed("标准输入"))?;
        line
    } else {
        return Ok(None);
    };
    let first = text.lines().next().unwrap_or_default();
    Ok(Some(Zeroizing::new(first.to_owned())))
}
