//! Archives and compressed files, whole, cut off, hostile.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{codes, har, har_with_request, three, urls};
use crate::capture::{Capture, Receipt, State, read_bytes_as, sha256_of};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory")
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in members {
        archive.start_file(*name, options).expect("memory");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, name, *bytes)
            .expect("memory");
    }
    archive.into_inner().expect("memory")
}

fn opened(shown: &str, bytes: &[u8]) -> (Vec<Capture>, Receipt) {
    let mut captures = Vec::new();
    let receipt = read_bytes_as(shown, bytes, &mut |capture, _| captures.push(capture));
    (captures, receipt)
}

fn members(captures: &[Capture]) -> Vec<&str> {
    captures
        .iter()
        .map(|capture| capture.member.as_deref().unwrap_or("-"))
        .collect()
}

/// The only row of a file, with its state and the codes of its problems.
fn only(bytes: &[u8]) -> (Capture, Vec<&'static str>) {
    let (mut captures, _) = opened("x", bytes);
    assert_eq!(captures.len(), 1, "{:?}", members(&captures));
    let capture = captures.remove(0);
    let codes = codes(&capture.problems);
    (capture, codes)
}

#[test]
fn compressed_captures_are_read_with_both_hashes() {
    let text = har(&three());
    for (shown, packed) in [
        ("a/x.har.gz", gzip(text.as_bytes())),
        ("x.har.zst", zstd(text.as_bytes())),
    ] {
        let (captures, receipt) = opened(shown, &packed);
        assert_eq!(members(&captures), ["x.har"]);
        assert_eq!(
            (captures[0].state, captures[0].entries.len()),
            (State::Read, 3)
        );
        assert_eq!(captures[0].sha256, sha256_of(text.as_bytes()));
        assert_eq!(captures[0].file_sha256, sha256_of(&packed));
        assert_eq!((receipt.sha256, receipt.left_out), (sha256_of(&packed), 0));
        assert_eq!(captures[0].place(), format!("{shown}/x.har"));
    }
}

#[test]
fn a_gzip_in_pieces_is_one_file_and_padding_means_nothing() {
    let text = har(&three());
    let (front, back) = text.as_bytes().split_at(100);
    let pieces = [gzip(front), gzip(back), vec![0; 512]].concat();
    let (capture, codes) = only(&pieces);
    assert_eq!((capture.state, capture.entries.len()), (State::Read, 3));
    assert_eq!(codes, [""; 0]);
}

#[test]
fn a_download_that_broke_off_keeps_what_is_whole() {
    let text = har(&(0..200)
        .map(|n| super::entry(&format!("https://a.example/{n}")))
        .collect::<Vec<_>>());
    for packed in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
        let (capture, codes) = only(&packed[..packed.len() - 9]);
        assert_eq!(codes.last(), Some(&"damaged_archive"), "{codes:?}");
        assert_ne!(capture.state, State::Read);
    }
    let mut flipped = gzip(text.as_bytes());
    let last = flipped.len() - 6;
    flipped[last] ^= 1;
    let (capture, codes) = only(&flipped);
    assert_eq!(
        (capture.state, capture.entries.len()),
        (State::Salvaged, 200)
    );
    assert_eq!(
        codes,
        ["damaged_archive"],
        "a checksum that does not fit is said"
    );
}

#[test]
fn every_capture_of_an_archive_is_a_row_and_the_notes_are_left_out() {
    let (one, two) = (har(&three()[..1]), har(&three()[1..]));
    let files: &[(&str, &[u8])] = &[
        ("wave/one.har", one.as_bytes()),
        ("wave/two.har.gz", &gzip(two.as_bytes())),
        ("notes.txt", b"call Anna"),
        ("__MACOSX/wave/._one.har", b"\x00\x05"),
    ];
    let (captures, receipt) = opened("x.zip", &zip_of(files));
    assert_eq!(
        members(&captures),
        ["wave/one.har", "wave/two.har.gz/two.har"]
    );
    assert_eq!(urls(&captures[1]).len(), 2);
    assert_eq!(receipt.left_out, 1);
    for (shown, archive) in [
        ("x.tar", tar_of(files)),
        ("x.tar.gz", gzip(&tar_of(files))),
        ("x.tgz", zstd(&tar_of(files))),
    ] {
        let (captures, receipt) = opened(shown, &archive);
        let found: Vec<&str> = captures
            .iter()
            .map(|capture| capture.request_of_first())
            .collect();
        assert_eq!(
            found,
            ["https://a.example/1", "https://a.example/2"],
            "{shown}"
        );
        assert_eq!(receipt.left_out, 1, "{shown}");
        assert_eq!(captures[0].place(), format!("{shown}/wave/one.har"));
        assert!(captures.iter().all(|capture| capture.state == State::Read));
    }
}

impl Capture {
    fn request_of_first(&self) -> &str {
        self.entries
            .iter()
            .next()
            .map_or("", |entry| entry.request.url.as_str())
    }
}

#[test]
fn an_archive_in_an_archive_is_opened_and_a_tower_of_them_is_not() {
    let text = har(&three());
    let mut tower = zip_of(&[("a.har", text.as_bytes())]);
    let (captures, _) = opened("x", &zip_of(&[("in.zip", &tower)]));
    assert_eq!(members(&captures), ["in.zip/a.har"]);
    for _ in 0..3 {
        tower = zip_of(&[("in.zip", &tower)]);
    }
    let (capture, codes) = only(&tower);
    assert_eq!(
        (capture.state, codes),
        (State::Unreadable, vec!["nested_too_deep"])
    );
}

#[test]
fn two_members_of_one_name_are_told_apart() {
    let text = har(&three());
    let (captures, _) = opened("x", &tar_of(&[("a.har", text.as_bytes()), ("a.har", b"{")]));
    assert_eq!(members(&captures), ["a.har", "a.har (2)"]);
}

#[test]
fn a_member_without_a_name_is_not_taken_for_its_archive() {
    let capture = har(&three()).into_bytes();
    let zip = zip_of(&[("", &capture[..]), ("b", &capture[..])]);
    assert_eq!(members(&opened("a.zip", &zip).0), ["(no name)", "b"]);
    let cut = &zip[..zip.len() - 30];
    let (captures, _) = opened("a.zip", cut);
    assert!(
        captures
            .iter()
            .all(|capture| capture.member.as_deref() != Some(""))
    );
    assert!(
        captures.len() > 1,
        "what stands whole, and the archive itself"
    );
}

#[test]
fn an_archive_without_a_capture_is_an_input_that_could_not_be_read() {
    for archive in [
        zip_of(&[("a.csv", b"a,b")]),
        zip_of(&[]),
        tar_of(&[("a.csv", b"a,b")]),
    ] {
        let (capture, codes) = only(&archive);
        assert_eq!(
            (capture.state, codes),
            (State::Unreadable, vec!["no_capture_inside"])
        );
        assert_eq!(capture.member, None);
    }
}

#[test]
fn a_zip_that_was_cut_off_gives_what_stands_whole() {
    let text = har(&three());
    let whole = zip_of(&[
        ("a.har", text.as_bytes()),
        ("b.har", har(&three()[..1]).as_bytes()),
    ]);
    let cut = &whole[..whole.len() - 150];
    let (captures, _) = opened("x.zip", cut);
    let first = &captures[0];
    assert_eq!(
        (first.member.as_deref(), first.state),
        (Some("a.har"), State::Read)
    );
    let archive = captures.last().expect("a row for the archive");
    assert_eq!(
        (archive.member.as_deref(), archive.state),
        (None, State::Salvaged)
    );
    assert_eq!(codes(&archive.problems), ["damaged_archive"]);
}

#[test]
fn a_tar_that_was_cut_off_gives_what_stands_whole() {
    let text = har(&three());
    let whole = tar_of(&[("a.har", text.as_bytes()), ("b.har", text.as_bytes())]);
    let (captures, _) = opened("x.tar", &whole[..1024 + text.len() + 600]);
    assert_eq!(
        (captures[0].state, captures[0].entries.len()),
        (State::Read, 3)
    );
    let states: Vec<State> = captures.iter().map(|capture| capture.state).collect();
    assert!(
        states.iter().any(|state| *state != State::Read),
        "{states:?}"
    );
}

#[test]
fn a_bomb_is_refused_for_what_it_is() {
    let bomb = vec![b' '; 80 << 20];
    for packed in [
        gzip(&bomb),
        zstd(&bomb),
        zip_of(&[("a.har", &bomb)]),
        gzip(&tar_of(&[("a.har", &bomb)])),
    ] {
        assert!(packed.len() < 1 << 20);
        let (captures, _) = opened("x", &packed);
        let row = captures.last().expect("a row");
        assert_eq!(row.state, State::Unreadable);
        let expands = |capture: &Capture| codes(&capture.problems).contains(&"expansion_limit");
        assert!(captures.iter().any(expands), "{:?}", row.problems);
    }
}

#[test]
fn a_large_capture_that_packs_as_captures_do_is_no_bomb() {
    let mut dice = 1u64;
    let mut noise = || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        format!("{dice:016x}{}", "lorem ipsum dolor sit amet ".repeat(9))
    };
    let entries: Vec<String> = (0..3_500)
        .map(|n| {
            let text: String = (0..80).map(|_| noise()).collect();
            super::entry(&format!("https://a.example/{n}/{text}"))
        })
        .collect();
    let text = har(&entries);
    assert!(text.len() > 70 << 20);
    let (capture, codes) = only(&gzip(text.as_bytes()));
    assert_eq!((capture.entries.len(), codes), (3_500, vec![]));
}

#[test]
fn q45_bodies_beside_a_capture_are_read_and_names_lead_nowhere_else() {
    let attached = |name: &str| {
        har_with_request(&format!(
            r#""postData":{{"mimeType":"text/plain","_file":"{name}"}}"#
        ))
    };
    let read = |name: &str, files: &[(&str, &[u8])]| {
        let text = attached(name);
        let mut all: Vec<(&str, &[u8])> = vec![("t/har.har", text.as_bytes())];
        all.extend_from_slice(files);
        let (mut captures, _) = opened("x.zip", &zip_of(&all));
        captures.remove(0)
    };
    let body = |capture: &Capture| capture.entries[0].request.body.clone().expect("a body");
    let found = read("3f.txt", &[("t/3f.txt", b"id=1&ev=Lead")]);
    assert_eq!(body(&found).text.as_deref(), Some("id=1&ev=Lead"));
    assert!(found.problems.is_empty());
    let bytes = read("3f.bin", &[("t/3f.bin", b"\x1f\x8b\xff")]);
    assert_eq!(
        (
            body(&bytes).text.as_deref(),
            body(&bytes).encoding.as_deref()
        ),
        (Some("H4v/"), Some("base64"))
    );
    for name in ["../3f.txt", "/etc/passwd", "..", "gone.txt", "a\\\\b"] {
        let lost = read(name, &[("3f.txt", b"secret")]);
        assert_eq!(
            (body(&lost).text, codes(&lost.problems)),
            (None, vec!["attachment_missing"]),
            "{name}"
        );
    }
    let (alone, _) = opened("har.har", attached("3f.txt").as_bytes());
    assert_eq!(codes(&alone[0].problems), ["attachment_missing"]);
}

#[test]
fn sessions_of_other_programs_are_named() {
    for (members, word) in [
        (
            vec![
                ("[Content_Types].xml", &b"<a/>"[..]),
                ("raw/1_c.txt", b"GET / HTTP/1.1"),
            ],
            "Fiddler",
        ),
        (vec![("1-meta.json", b"{}"), ("1-req.dat", b"x")], "Charles"),
    ] {
        let (capture, codes) = only(&zip_of(&members));
        assert_eq!(codes, ["not_a_capture"]);
        assert!(capture.problems[0].message.contains(word));
    }
}

#[test]
fn no_damage_to_an_archive_makes_it_stop() {
    let text = har(&three());
    let files: &[(&str, &[u8])] = &[("a.har", text.as_bytes()), ("b.har", text.as_bytes())];
    for whole in [
        gzip(text.as_bytes()),
        zstd(text.as_bytes()),
        zip_of(files),
        tar_of(files),
        gzip(&tar_of(files)),
    ] {
        for at in (0..whole.len()).step_by(23) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let (captures, _) = opened("x", &damaged);
            assert!(!captures.is_empty());
            let (captures, _) = opened("x", &whole[..at]);
            assert!(!captures.is_empty());
        }
    }
}
