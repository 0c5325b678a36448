//! What a test's own thread logs, for tests about what never stands in a log.
//!
//! One subscriber serves the whole process: one that comes and goes with a test can miss lines whose places in the code
//! another test is just passing for the first time.
use std::{cell::RefCell, io::Write, sync::Once};
use tracing_subscriber::{filter::dynamic_filter_fn, fmt, layer::SubscriberExt};

thread_local! {
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Listens from now on; called before anything can be logged.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let wanted = dynamic_filter_fn(|_, _| LINES.with_borrow(Option::is_some));
        let lines = tracing_subscriber::registry()
            .with(fmt::layer().with_ansi(false).with_writer(|| Lines))
            .with(wanted);
        tracing::subscriber::set_global_default(lines).unwrap();
    });
}

/// Keeps all lines of this thread, of every level, until it is dropped.
pub struct Captured;

impl Captured {
    /// Begins.
    pub fn begin() -> Self {
        LINES.set(Some(Vec::new()));
        Self
    }

    /// The lines so far.
    pub fn text(&self) -> String {
        LINES.with_borrow(|lines| String::from_utf8(lines.clone().unwrap_or_default()).unwrap())
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        LINES.set(None);
    }
}

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
