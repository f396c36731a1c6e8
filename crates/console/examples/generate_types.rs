//! Writes `ui/src/generated/door.ts`; run at the root of the checkout or with the file as argument.

fn main() -> std::io::Result<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "ui/src/generated/door.ts".to_owned());
    #[expect(clippy::disallowed_methods, reason = "a generator writes its file")]
    std::fs::write(file, zaigang_console::door::typescript())
}
