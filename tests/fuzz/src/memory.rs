//! A watch on memory: finds inputs that take far more of it than they are long.
//!
//! libFuzzer looks at the process once a second, and its limit on single allocations needs a sanitizer. Here every
//! allocation is counted. One that no input of a few kilobytes can need, or too much in all, ends the process, which
//! libFuzzer writes down as a crash. This is the one place with unsafe code: an allocator cannot be had without.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The largest single allocation.
const LARGEST: usize = 256 << 20;

/// The most that may be in use.
const IN_ALL: usize = 1 << 30;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static COUNTED: Counted = Counted;

struct Counted;

// Safe because every call goes on to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

fn take(size: usize) {
    let in_use = IN_USE.fetch_add(size, Relaxed) + size;
    PEAK.fetch_max(in_use, Relaxed);
    if size > LARGEST {
        stop("one allocation", size);
    }
    if in_use > IN_ALL {
        stop("all allocations together", in_use);
    }
}

/// Not a panic: one that begins inside an allocator may not leave it.
fn stop(what: &str, size: usize) -> ! {
    eprintln!("too much memory: {what} of {size} bytes");
    std::process::abort();
}

/// How much memory a piece of work may take, at any moment.
pub struct Allowance {
    /// Whatever the input.
    pub fixed: usize,
    /// For each byte of the input.
    pub each: usize,
}

impl Allowance {
    /// Does some work on an input of that length and fails if it took more.
    pub fn hold<T>(&self, length: usize, work: impl FnOnce() -> T) -> T {
        let before = IN_USE.load(Relaxed);
        PEAK.store(before, Relaxed);
        let outcome = work();
        let taken = PEAK.load(Relaxed).saturating_sub(before);
        let allowed = self.fixed + length * self.each;
        assert!(
            taken <= allowed,
            "{length} bytes took {taken} bytes of memory; {allowed} are allowed"
        );
        outcome
    }
}
