//! Arguments. The doc comments are the help that people read.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use zaigang_domain::people::{Deed, Role};

/// 在岗中心端：保存日志、裁定先后、唤醒各工作台。
#[derive(Debug, Parser)]
#[command(name = "zaigang-center", version)]
pub struct Args {
    /// 以 JSON 输出
    #[arg(long, global = true)]
    pub json: bool,
    /// 要做的事
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 建立中心端：数据库、签名密钥、证书
    Init(Init),
    /// 提供服务
    Serve(Serve),
    /// 用户
    #[command(subcommand)]
    User(User),
    /// 合同
    #[command(subcommand)]
    Contract(Contract),
    /// 日历
    #[command(subcommand)]
    Calendar(Calendar),
    /// 工作台
    #[command(subcommand)]
    Device(Device),
    /// 对接系统：经接口登记工单的其他程序
    #[command(subcommand)]
    Source(Source),
    /// 现状
    Status(At),
    /// 备份数据库（不含密钥，密钥须另行保管）
    Backup(Backup),
    /// 从备份恢复，开始新的纪元
    Restore(Restore),
    /// 核对全部记录、链、签名与推导数据
    Verify(At),
}

#[derive(Debug, clap::Args)]
pub(crate) struct At {
    /// 中心端的目录
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) at: At,
    /// 现场名称，如 某市公安局
    #[arg(long)]
    pub(crate) site: String,
    /// 监听地址
    #[arg(long, value_name = "HOST:PORT", default_value = "0.0.0.0:7443")]
    pub(crate) listen: String,
    /// 工作台访问中心端所用的域名或 IP，可多次给出；第一个写入登记码
    #[arg(long = "name", value_name = "DNS|IP")]
    pub(crate) names: Vec<String>,
    /// 现场恢复密钥的公钥（age）
    #[arg(long, value_name = "AGE")]
    pub(crate) recovery: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) at: At,
    /// 监听地址；缺省为建立时所定
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// 运行日志用 JSON
    #[arg(long)]
    pub(crate) log_json: bool,
    /// 演示：准许目录中的 demo-clock 拨动时钟
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// 新增用户
    Add(UserAdd),
    /// 停用用户
    Disable(Login),
    /// 重置密码
    Reset(UserReset),
    /// 列出用户
    List(At),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Login {
    #[command(flatten)]
    pub(crate) at: At,
    /// 登录名
    #[arg(long)]
    pub(crate) login: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PasswordSource {
    /// 从文件读取密码（第一行）
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// 从标准输入读取密码；两者都不给则生成一次性密码
    #[arg(long, conflicts_with = "password_file")]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UserAdd {
    #[command(flatten)]
    pub(crate) who: Login,
    /// 姓名
    #[arg(long)]
    pub(crate) name: String,
    /// 角色，可多次给出：engineer dispatcher supervisor store_keeper buyer_contact overseer administrator
    #[arg(long = "role", required = true, value_parser = role)]
    pub(crate) roles: Vec<Role>,
    /// 只限这些合同，可多次给出
    #[arg(long = "contract")]
    pub(crate) contracts: Vec<String>,
    /// 只限这些总队或部门，可多次给出
    #[arg(long = "division")]
    pub(crate) divisions: Vec<String>,
    /// 合同岗位，如 P10
    #[arg(long)]
    pub(crate) post: Option<String>,
    /// 非驻场
    #[arg(long)]
    pub(crate) remote: bool,
    #[command(flatten)]
    pub(crate) password: PasswordSource,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UserReset {
    #[command(flatten)]
    pub(crate) who: Login,
    #[command(flatten)]
    pub(crate) password: PasswordSource,
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::code).join("、");
    Role::from_code(text).ok_or_else(|| format!("没有这个角色，可用：{}", known()))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Contract {
    /// 发布合同版本
    Publish(ContractPublish),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ContractPublish {
    #[command(flatten)]
    pub(crate) at: At,
    /// 合同事实（TOML）；文件名即合同编号
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: PathBuf,
    /// 对合同文字的解读（TOML）；缺省为同目录的 <编号>.reading.toml，没有时沿用现行解读
    #[arg(long, value_name = "FILE")]
    pub(crate) reading: Option<PathBuf>,
    /// 本项目约定（TOML）；缺省沿用现行约定
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Calendar {
    /// 发布一年的放假安排
    Publish(CalendarPublish),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CalendarPublish {
    #[command(flatten)]
    pub(crate) at: At,
    /// 放假安排（JSON）
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Device {
    /// 生成登记码：一次有效，15 分钟
    Code(DeviceCode),
    /// 列出工作台
    List(At),
    /// 停用工作台
    Revoke(DeviceRevoke),
}

#[derive(Debug, clap::Args)]
pub(crate) struct DeviceCode {
    #[command(flatten)]
    pub(crate) at: At,
    /// 工作台可用的数据，可多次给出，如 c/guangxi-police/d/E总队
    #[arg(long = "log", required = true)]
    pub(crate) logs: Vec<String>,
    /// 工作台名称，如 值班室1号机
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// 可见的保密字段类别，可多次给出；缺省 personal
    #[arg(long = "sealed")]
    pub(crate) classes: Vec<String>,
    /// 另存为文件
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DeviceRevoke {
    #[command(flatten)]
    pub(crate) at: At,
    /// 工作台编号
    #[arg(long)]
    pub(crate) device: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// 登记对接系统，生成它的密钥
    Add(SourceAdd),
    /// 列出对接系统
    List(At),
    /// 停用对接系统
    Revoke(SourceRevoke),
}

#[derive(Debug, clap::Args)]
pub(crate) struct SourceAdd {
    #[command(flatten)]
    pub(crate) at: At,
    /// 名称，如 监控平台；显示在工单的过程记录中
    #[arg(long)]
    pub(crate) name: String,
    /// 合同编号，须已发布
    #[arg(long)]
    pub(crate) contract: String,
    /// 只限这些总队或部门，可多次给出；缺省为合同的全部部门
    #[arg(long = "division")]
    pub(crate) divisions: Vec<String>,
    /// 准许做什么，可多次给出：register comment read receive；缺省前三项（工单）
    #[arg(long = "may", value_parser = deed)]
    pub(crate) may: Vec<Deed>,
    /// 登记后立即派到部门的组
    #[arg(long)]
    pub(crate) pool: bool,
    /// 每分钟最多请求次数
    #[arg(long, value_name = "N", default_value_t = 120)]
    pub(crate) per_minute: u32,
    /// 密钥存为文件（只有本用户可读），不显示
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SourceRevoke {
    #[command(flatten)]
    pub(crate) at: At,
    /// 对接系统编号，见 list
    #[arg(long)]
    pub(crate) source: String,
}

fn deed(text: &str) -> Result<Deed, String> {
    let known = || Deed::ALL.map(Deed::code).join("、");
    Deed::from_code(text).ok_or_else(|| format!("没有这项权限，可用：{}", known()))
}

#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) at: At,
    /// 备份文件；校验值写在旁边的 .b3 文件
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) at: At,
    /// 备份文件
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
}
