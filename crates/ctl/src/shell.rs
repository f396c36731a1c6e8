//! What every command shares: reading files, printing results, exit codes, choosing a contract.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use zaigang_console::door::dto::{DoorCode, DoorError};
use zaigang_domain::clock::Code;
use zaigang_domain::contract::{Profile, Text, shipped};
use zaigang_domain::mistake::{Mistake, Mistakes};

/// Why a command did not succeed; the number is its exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// 1: it failed for another reason.
    Failed(String),
    /// 2: the input is bad; nothing was changed.
    BadInput(String),
    /// 3: this person may not.
    NotAllowed(String),
    /// 4: it can only be done while the centre answers.
    CentreNeeded(String),
}

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        use DoorCode as C;
        let field = error.field.map(|field| format!("（{field}）")).unwrap_or_default();
        let message = format!("{}{field}", error.message);
        match error.code {
            C::BadInput | C::NotFound => Self::BadInput(message),
            C::NotAllowed | C::LogInNeeded | C::Locked | C::WrongPassword | C::TooManyFailures => {
                Self::NotAllowed(message)
            }
            C::CentreNeeded | C::NotEnrolled => Self::CentreNeeded(message),
            C::NotNow | C::LogStopped | C::Internal => Self::Failed(message),
        }
    }
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Self {
        Self::BadInput(mistakes.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(format!("无法写出结果：{error}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(format!("无法写出结果：{error}"))
    }
}

/// Prints the message of a failure and gives its exit code.
pub(crate) fn exit(result: Result<(), Failure>) -> ExitCode {
    let (code, message) = match result {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Failed(message)) => (1, message),
        Err(Failure::BadInput(message)) => (2, message),
        Err(Failure::NotAllowed(message)) => (3, message),
        Err(Failure::CentreNeeded(message)) => (4, message),
    };
    // When stderr is gone too there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::from(code)
}

/// Tells what is not part of the output.
pub(crate) fn print_note(text: &str) {
    // When stderr is gone too there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a list of codes with their sentences.
pub(crate) fn print_codes(codes: &[Code], json: bool) -> Result<(), Failure> {
    if json {
        return print_json(&codes);
    }
    let lines: Vec<String> = codes.iter().map(|code| format!("{}\t{}", code.code, code.text)).collect();
    print_text(&lines.join("\n"))
}

/// Prints one JSON document.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Prints text for people.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    out.flush()?;
    Ok(())
}

/// Reads a text file; an unreadable one is bad input.
#[expect(clippy::disallowed_methods, reason = "the shell reads the files that the rules are given")]
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        let mistake = Mistake {
            file: path.display().to_string(),
            line: None,
            key: "文件".to_owned(),
            value: None,
            reason: format!("无法读取：{error}"),
        };
        Failure::BadInput(mistake.to_string())
    })
}

/// Which contract, and what replaces its shipped texts.
#[derive(Debug, Args)]
pub(crate) struct ContractArguments {
    /// 合同编号（合同数据文件名，不带扩展名）
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    /// 以此文件代替随程序提供的合同数据
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// 以此文件代替随程序提供的本项目约定
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
}

impl ContractArguments {
    /// Whether any contract is named.
    pub(crate) fn is_given(&self) -> bool {
        self.contract.is_some() || self.profile.is_some()
    }

    /// Reads the contract.
    ///
    /// # Errors
    /// Bad input: no contract named, an unknown one, an unreadable file, or mistakes in one.
    pub(crate) fn load(&self) -> Result<Profile, Failure> {
        let id = self.id()?;
        let known = shipped(&id);
        let facts = self.profile.as_deref().map(Named::read).transpose()?;
        let settings = self.settings.as_deref().map(Named::read).transpose()?;
        let facts = match (&facts, known) {
            (Some(named), _) => named.text(),
            (None, Some(known)) => known.facts,
            (None, None) => return Err(Failure::BadInput(format!("--contract {id}：没有这份合同"))),
        };
        let settings = settings.as_ref().map(Named::text).or(known.and_then(|known| known.settings));
        Ok(Profile::load(&id, facts, known.map(|known| known.reading), settings)?)
    }

    fn id(&self) -> Result<String, Failure> {
        let stem = || {
            self.profile.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned())
        };
        self.contract
            .clone()
            .or_else(stem)
            .ok_or_else(|| Failure::BadInput("--contract：须写明合同编号".to_owned()))
    }
}

struct Named {
    file: String,
    content: String,
}

impl Named {
    fn read(path: &Path) -> Result<Self, Failure> {
        Ok(Self { file: path.display().to_string(), content: read_text(path)? })
    }

    fn text(&self) -> Text<'_> {
        Text { file: &self.file, text: &self.content }
    }
}
