//! Room for the SQL engine: it walks through a question step by step within step, and one with many parts needs more of the
//! stack than a thread has by default.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, scope};

thread_local! {
    /// The bytes that this thread was given here.
    static GIVEN: Cell<usize> = const { Cell::new(0) };
}

/// Runs the engine with a stack of so many bytes, of which the system gives as much as is used. Within what runs with as many
/// already, it is theirs: a question is small beside them. `None`: it gave up.
pub fn with_deep_stack<T: Send>(bytes: usize, run: impl FnOnce() -> T + Send) -> Option<T> {
    if GIVEN.get() >= bytes {
        return catch_unwind(AssertUnwindSafe(run)).ok();
    }
    scope(|scope| {
        let with_room = || {
            GIVEN.set(bytes);
            run()
        };
        let thread = Builder::new().stack_size(bytes);
        let thread = thread.spawn_scoped(scope, with_room).ok()?;
        thread.join().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gives_up_is_told_whoever_made_room_for_it() {
        let gave_up = || -> u8 { panic!("as the engine may") };
        assert_eq!(with_deep_stack(1 << 20, gave_up), None);
        let within = with_deep_stack(1 << 20, || (with_deep_stack(1 << 20, gave_up), 1));
        assert_eq!(within, Some((None, 1)));
    }

    #[test]
    fn deeper_room_is_made_within_less() {
        fn depth(steps: u32) -> u32 {
            let room = std::hint::black_box([steps; 1024]);
            if steps == 0 {
                0
            } else {
                depth(steps - 1) + room[0] / steps
            }
        }
        let deep = || with_deep_stack(64 << 20, || depth(4000));
        assert_eq!(with_deep_stack(1 << 20, deep), Some(Some(4000)));
    }
}
