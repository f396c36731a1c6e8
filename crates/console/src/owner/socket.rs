//! The owner's Unix socket, both ends.

use super::SOCKET_FILE;
use super::message::{Answer, Call, LINE_BYTES_MAX, Line};
use crate::door::dto::{DoorCode, DoorError};
use crate::door::{Caller, Door};
use serde_json::Value;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, broadcast, mpsc};
use tokio::task::{JoinHandle, JoinSet};

/// Clients at one time.
const CLIENTS_MAX: usize = 32;
/// Calls of one client under way at one time.
const CALLS_MAX: usize = 16;

/// The socket while it is served; dropping it removes the socket.
#[derive(Debug)]
pub struct Serving {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
        // A socket left behind is replaced by the next owner.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Serves the door to this user's processes. The caller owns the profile: a socket that lies there is a
/// dead owner's.
///
/// # Errors
/// What the system says, such as a path too long for a socket (107 bytes on Linux).
pub fn serve(door: Door, dir: &Path) -> io::Result<Serving> {
    let path = dir.join(SOCKET_FILE);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let uid = std::fs::metadata(&path)?.uid();
    Ok(Serving { path, task: tokio::spawn(accept(door, listener, uid)) })
}

async fn accept(door: Door, listener: UnixListener, uid: u32) {
    let places = Arc::new(Semaphore::new(CLIENTS_MAX));
    let mut clients = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, for instance: others may end meanwhile.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        while clients.try_join_next().is_some() {}
        if !stream.peer_cred().is_ok_and(|peer| peer.uid() == uid) {
            tracing::warn!("a process of another user was refused at the owner's socket");
            continue;
        }
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let door = door.clone();
            clients.spawn(async move {
                let _place = place;
                client(door, stream).await;
            });
        }
    }
}

/// Serves one client until it goes.
async fn client(door: Door, stream: UnixStream) {
    let (reader, writer) = stream.into_split();
    let (lines, outgoing) = mpsc::channel(CALLS_MAX);
    let pushes = door.pushes();
    let writing = tokio::spawn(write_lines(writer, outgoing, pushes));
    let mut reader = BufReader::new(reader);
    let calls = Arc::new(Semaphore::new(CALLS_MAX));
    while let Ok(Some(line)) = read_line(&mut reader).await {
        let Ok(call) = serde_json::from_slice::<Call>(&line) else {
            let error = DoorError::bad_input("请求不是一行合法的 JSON。");
            let _ = lines.send(Line::Answer(Answer::of(0, Err(error)))).await;
            break;
        };
        let Ok(place) = Arc::clone(&calls).acquire_owned().await else { break };
        let (door, lines) = (door.clone(), lines.clone());
        tokio::spawn(async move {
            let result = door.call(&call.command, call.args, Caller::CommandLine).await;
            // A client that went away does not read its answer.
            let _ = lines.send(Line::Answer(Answer::of(call.id, result))).await;
            drop(place);
        });
    }
    drop(lines);
    let _ = writing.await;
}

async fn write_lines(
    mut writer: OwnedWriteHalf,
    mut lines: mpsc::Receiver<Line>,
    mut pushes: broadcast::Receiver<crate::door::dto::PushDto>,
) {
    loop {
        let line = tokio::select! {
            line = lines.recv() => match line {
                Some(line) => line,
                None => return,
            },
            push = pushes.recv() => match push {
                Ok(push) => Line::Push { push },
                // Missed pushes: everything may be stale.
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let changed = vec!["*".to_owned()];
                    Line::Push { push: crate::door::dto::PushDto { changed, reminders: Vec::new() } }
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        let Ok(mut text) = serde_json::to_vec(&line) else { return };
        text.push(b'\n');
        if writer.write_all(&text).await.is_err() {
            return;
        }
    }
}

/// One line without its end; `None` when the other side closed.
async fn read_line(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "a line is cut off or too long")),
    }
}

/// A connection to a running owner.
#[derive(Debug)]
pub struct Attached {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    next_id: u64,
}

/// Connects to the owner of a profile; `None` when none runs.
///
/// # Errors
/// What the system says, other than that nobody listens; or that the socket is another user's.
pub async fn attach(dir: &Path) -> io::Result<Option<Attached>> {
    let path = dir.join(SOCKET_FILE);
    let stream = match UnixStream::connect(&path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    // Whoever can create files in another's folder could pose as its owner.
    if stream.peer_cred()?.uid() != std::fs::metadata(dir)?.uid() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the owner's socket belongs to another user",
        ));
    }
    let (reader, writer) = stream.into_split();
    Ok(Some(Attached { reader: BufReader::new(reader), writer, next_id: 1 }))
}

impl Attached {
    /// Calls a command of the door.
    ///
    /// # Errors
    /// The door's, or internal when the owner went away.
    pub async fn call(&mut self, command: &str, args: Value) -> Result<Value, DoorError> {
        let id = self.next_id;
        self.next_id += 1;
        let call = Call { id, command: command.to_owned(), args };
        self.exchange(&call).await.map_err(|error| {
            tracing::error!(%error, "the owner went away");
            DoorError::new(DoorCode::Internal, "正在运行的在岗程序没有应答，可能刚被关闭。请重试。")
        })?
    }

    async fn exchange(&mut self, call: &Call) -> io::Result<Result<Value, DoorError>> {
        let mut text = serde_json::to_vec(call)?;
        text.push(b'\n');
        self.writer.write_all(&text).await?;
        loop {
            let line = read_line(&mut self.reader).await?;
            let line = line.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            match serde_json::from_slice::<Line>(&line)? {
                Line::Answer(answer) if answer.id == call.id => {
                    return Ok(answer.error.map_or_else(|| Ok(answer.reply.unwrap_or(Value::Null)), Err));
                }
                Line::Answer(_) | Line::Push { .. } => {}
            }
        }
    }
}
