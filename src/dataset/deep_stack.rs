//! Room for the SQL engine: it walks through a question step by step within step, and one with many parts needs more of the
//! stack than a thread has by default.

/// Runs the engine with a stack of so many bytes, of which the system gives as much as is used. `None`: it gave up.
pub fn with_deep_stack<T: Send>(bytes: usize, run: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(bytes);
        let thread = thread.spawn_scoped(scope, run).ok()?;
        thread.join().ok()
    })
}
