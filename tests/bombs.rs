//! Archives made to unpack to more than any machine holds are refused within seconds, with little memory, and named.

mod common;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// What one member unpacks to, in bytes.
const MEMBER: usize = 64 << 20;
/// So many of them are 200 GB, in 200 MB.
const MEMBERS: u16 = 3_200;

fn blanks() -> Vec<u8> {
    vec![b' '; MEMBER]
}

/// A zip with one member's data written again and again, each with a header of its own (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16).
fn zip_bomb(path: &Path) {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&blanks()).unwrap();
    let data = packer.finish().unwrap();
    let checksum = {
        let mut sum = flate2::Crc::new();
        sum.update(&blanks());
        sum.sum()
    };
    let (packed, unpacked) = (
        u32::try_from(data.len()).unwrap(),
        u32::try_from(MEMBER).unwrap(),
    );
    let mut out = BufWriter::new(File::create(path).unwrap());
    let mut directory = Vec::new();
    let mut at = 0u32;
    for number in 0..MEMBERS {
        let name = format!("{number:05}.har");
        let mut about = vec![20, 0, 0, 0, 8, 0, 0, 0, 33, 0];
        for field in [checksum, packed, unpacked] {
            about.extend(field.to_le_bytes());
        }
        about.extend([9, 0, 0, 0]);
        let header = [b"PK\x03\x04", about.as_slice(), name.as_bytes()].concat();
        out.write_all(&header).unwrap();
        out.write_all(&data).unwrap();
        directory.extend([b"PK\x01\x02\x14\x00", about.as_slice(), &[0; 10]].concat());
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
        at += u32::try_from(header.len() + data.len()).unwrap();
    }
    out.write_all(&directory).unwrap();
    out.write_all(b"PK\x05\x06\0\0\0\0").unwrap();
    out.write_all(&[MEMBERS.to_le_bytes(), MEMBERS.to_le_bytes()].concat())
        .unwrap();
    out.write_all(&u32::try_from(directory.len()).unwrap().to_le_bytes())
        .unwrap();
    out.write_all(&at.to_le_bytes()).unwrap();
    out.write_all(&[0, 0]).unwrap();
    out.flush().unwrap();
}

/// A gzip of many pieces, which together are one file.
fn gzip_bomb(path: &Path) {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&blanks()).unwrap();
    fs::write(path, packer.finish().unwrap().repeat(200)).unwrap();
}

/// Analyses one file with 1.5 GB of address space, and gives the only row of problems. The system's library, which the program
/// does not allocate with, is kept from setting 128 MB of it aside for each thread.
fn refused(input: &Path) -> common::Row {
    let out = input.with_extension("out");
    let started = Instant::now();
    let script = "ulimit -v 1500000; export MALLOC_ARENA_MAX=1; exec \"$0\" analyse \"$1\" --out \"$2\" --quiet";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_pixelhound")])
        .args([input, &out])
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_eq!(common::table(&out, "captures")[0]["state"], "unreadable");
    let mut problems = common::table(&out, "problems");
    assert_eq!(problems.len(), 1);
    problems.remove(0)
}

#[cfg(target_os = "linux")]
#[test]
fn two_hundred_megabytes_that_unpack_to_two_hundred_gigabytes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = folder.path().join("bomb.zip");
    zip_bomb(&bomb);
    assert!(fs::metadata(&bomb).unwrap().len() > 200_000_000);
    let problem = refused(&bomb);
    assert_eq!(problem["code"], "expansion_limit");
    assert!(problem["message"].contains("unpacks to more than 300 times its size"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_compressed_file_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = folder.path().join("bomb.har.gz");
    gzip_bomb(&bomb);
    let problem = refused(&bomb);
    assert_eq!(
        (problem["code"].as_str(), problem["member"].as_str()),
        ("expansion_limit", "bomb.har")
    );
}
