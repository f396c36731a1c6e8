//! An empty window of the same build: the floor that the benchmark holds the console's window against.

#[path = "../src/paint.rs"]
mod paint;

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let blank = WebviewUrl::External("about:blank".parse()?);
    tauri::Builder::default()
        .setup(move |app| {
            let window = WebviewWindowBuilder::new(app, "main", blank.clone());
            paint::on_the_processor(&window.inner_size(1280.0, 720.0).build()?)?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}
