//! Room for the SQL engine: it walks through a question step by step within step, and one with many parts needs more of the
//! stack than a thread has by default. And the hands that do its work.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, scope};

use polars_async::executor::ALLOW_RAYON_THREADS;

thread_local! {
    /// The bytes that this thread was given here.
    static GIVEN: Cell<usize> = const { Cell::new(0) };
}

/// With fewer rows than this, handing a step over to other threads and waiting for them takes longer than the step.
const WORTH_HANDING_OVER: usize = 100_000;

/// In which threads the engine works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// In the one that asks.
    Own,
    /// In as many as the machine has cores.
    All,
}

impl Hands {
    /// Those for tables with so many rows together. Where this program works in one thread, so does the engine.
    pub fn for_rows(rows: usize) -> Hands {
        match rows < WORTH_HANDING_OVER || rayon::current_num_threads() == 1 {
            true => Hands::Own,
            false => Hands::All,
        }
    }
}

/// Runs the engine with a stack of so many bytes, of which the system gives as much as is used. Within what runs with as many
/// already, it is theirs, and so are the hands: a question is small beside them. `None`: it gave up.
pub fn with_deep_stack<T: Send>(
    bytes: usize,
    hands: Hands,
    run: impl FnOnce() -> T + Send,
) -> Option<T> {
    if GIVEN.get() >= bytes {
        return catch_unwind(AssertUnwindSafe(run)).ok();
    }
    scope(|scope| {
        let with_room = || {
            GIVEN.set(bytes);
            ALLOW_RAYON_THREADS.set(hands == Hands::All);
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
        assert_eq!(with_deep_stack(1 << 20, Hands::Own, gave_up), None);
        let within = with_deep_stack(1 << 20, Hands::Own, || {
            (with_deep_stack(1 << 20, Hands::Own, gave_up), 1)
        });
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
        let deep = || with_deep_stack(64 << 20, Hands::All, || depth(4000));
        assert_eq!(with_deep_stack(1 << 20, Hands::Own, deep), Some(Some(4000)));
    }
}
