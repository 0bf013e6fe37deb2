//! A progress bar by bytes, on a terminal only; and the interruption by Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::Watcher;

/// Watches one command.
pub struct Progress {
    bar: ProgressBar,
    interrupted: Arc<AtomicBool>,
}

impl Progress {
    /// A bar on standard error, where that is a terminal and nobody asked for quiet. From here on the first Ctrl-C stops the
    /// work in good order.
    pub fn start(quiet: bool) -> Progress {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let target = if quiet || dumb || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        // Without a handler Ctrl-C ends the process at once; the dataset is renamed into place last, so no harm is done.
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        Progress {
            bar: ProgressBar::with_draw_target(None, target),
            interrupted,
        }
    }

    /// From here on the bar is about something else, of so many bytes.
    pub fn begin(&self, doing: &str, bytes: u64) {
        let style = "{msg} [{bar:40}] {bytes} of {total_bytes}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.reset();
        self.bar.set_message(doing.to_owned());
        self.bar.set_length(bytes);
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Progress {
    fn found(&self, bytes: u64) {
        self.begin("reading captures", bytes);
    }

    fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}
