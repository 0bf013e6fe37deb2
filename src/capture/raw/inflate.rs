//! What was packed with DEFLATE, unpacked in one step by libdeflate: half the time of a decoder that goes piece by piece.
//!
//! It is unsafe because libdeflate is C, and fills memory that nobody wrote to before. It is told how much room there is and
//! never writes beyond it, reads nothing beyond what it is given, and says how much it wrote: only that becomes part of the
//! result. Its safe twin is the decoder of `flate2`, which reads whatever is refused here.

use std::ptr::NonNull;

use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_crc32, libdeflate_decompressor,
    libdeflate_deflate_decompress_ex, libdeflate_free_decompressor,
    libdeflate_result_LIBDEFLATE_SUCCESS,
};

/// Everything that `packed` unpacks to, where that is `size` bytes with this checksum and nothing of `packed` is left over.
/// `None`: it is not, or there is no memory for it.
pub fn inflated(packed: &[u8], size: usize, crc32: u32) -> Option<Vec<u8>> {
    let mut unpacked: Vec<u8> = Vec::new();
    unpacked.try_reserve_exact(size).ok()?;
    let decompressor = Decompressor::new()?;
    let (mut taken, mut written) = (0, 0);
    // SAFETY: both pieces of memory are as long as it is said here, and `unpacked` is nobody else's.
    let result = unsafe {
        libdeflate_deflate_decompress_ex(
            decompressor.0.as_ptr(),
            packed.as_ptr().cast(),
            packed.len(),
            unpacked.as_mut_ptr().cast(),
            size,
            &raw mut taken,
            &raw mut written,
        )
    };
    if result != libdeflate_result_LIBDEFLATE_SUCCESS || (taken, written) != (packed.len(), size) {
        return None;
    }
    // SAFETY: there is room for `size` bytes, and as many were written.
    unsafe { unpacked.set_len(size) };
    // SAFETY: reads the bytes of a slice.
    let sum = unsafe { libdeflate_crc32(0, unpacked.as_ptr().cast(), unpacked.len()) };
    (sum == crc32).then_some(unpacked)
}

/// The working memory of libdeflate.
struct Decompressor(NonNull<libdeflate_decompressor>);

impl Decompressor {
    fn new() -> Option<Decompressor> {
        // SAFETY: can be called at any time, and gives null where there is no memory.
        NonNull::new(unsafe { libdeflate_alloc_decompressor() }).map(Decompressor)
    }
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        // SAFETY: comes from `libdeflate_alloc_decompressor`, and is freed once.
        unsafe { libdeflate_free_decompressor(self.0.as_ptr()) }
    }
}
