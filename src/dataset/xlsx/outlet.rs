//! Where the bytes of a workbook go: what went wrong there is remembered, because libraries wrap the errors of a writer in
//! their own.

use crate::dataset::format::{KeepGoing, go_on};
use std::io::{self, Write};

/// Takes no more when nobody wants it any more. What comes after a failure goes nowhere, so that a library which tidies up
/// need not complain again.
pub(super) struct Outlet<'a, W> {
    out: W,
    keep_going: KeepGoing<'a>,
    failure: Option<io::Error>,
}

impl<'a, W: Write> Outlet<'a, W> {
    pub(super) fn new(out: W, keep_going: KeepGoing<'a>) -> Self {
        Outlet {
            out,
            keep_going,
            failure: None,
        }
    }

    /// What went wrong first, if anything did.
    pub(super) fn finish(mut self) -> io::Result<()> {
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.out.flush(),
        }
    }
}

impl<W: Write> Write for Outlet<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Ok(bytes.len());
        }
        let outcome = go_on(self.keep_going).and_then(|()| self.out.write_all(bytes));
        match outcome {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                let kind = error.kind();
                self.failure = Some(error);
                Err(kind.into())
            }
        }
    }

    /// Not before the end: there is nothing to be seen of half a workbook.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
