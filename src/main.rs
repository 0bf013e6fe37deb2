//! The program: maps the outcome of a command to an exit code, and nothing else.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A capture is read into a hundred small texts an entry: the system's own allocator took a fifth of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    without_huge_pages();
    pixelhound::cli::main()
}

/// Linux would hand out memory two megabytes at a time, all of it set to zero first. What is held here is small texts and many
/// short-lived columns: half the memory stood empty, and questions about a large dataset took a tenth longer.
fn without_huge_pages() {
    #[cfg(target_os = "linux")]
    // A kernel that cannot do it goes on as it is.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
