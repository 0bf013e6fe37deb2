//! Room for the SQL engine: it walks through a question step by step within step, and one with many parts needs more of the
//! stack than a thread has by default.

/// The stack that a question may need, in bytes; the system gives as much of it as is used.
const STACK_BYTES: usize = 256 << 20;

/// Runs the engine where there is room for it. `None`: it gave up.
pub fn with_deep_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let thread = thread.spawn_scoped(scope, run).ok()?;
        thread.join().ok()
    })
}
