//! A zip: by its directory, or, where that was cut off, by the members that still stand whole.

use std::io::Cursor;

use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::attachment::{Attached, Attachments};
use super::limits::{Budget, Fault, MAX_MEMBERS, Meter, Unpacked, allowance};
use super::names;
use super::whole::inflated_within;
use super::{Damage, Item, Walk};
use crate::capture::lenient::MAX_VALUE_BYTES;
use crate::capture::read::MAX_CAPTURE_BYTES;
use crate::capture::{codes, text};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads every member that is not plainly something else.
pub fn walk(walk: &mut Walk, item: &Item, level: usize) {
    let mut archive = match ZipArchive::new(Cursor::new(item.bytes)) {
        Ok(archive) => archive,
        Err(error) => return salvage(walk, item, level, &error),
    };
    let packed = item.bytes.len() as u64;
    let claimed = archive.decompressed_size().unwrap_or_default();
    let refusal = if claimed > u128::from(allowance(packed)) {
        Some((Fault::Expands.code(), Fault::Expands.to_string()))
    } else if archive.len() > MAX_MEMBERS {
        let message = format!("the archive has more than {MAX_MEMBERS} members; it was not read");
        Some((codes::EXPANSION_LIMIT, message))
    } else {
        names::foreign_session(&member_names(&mut archive)).map(|what| {
            (
                codes::NOT_A_CAPTURE,
                format!("not a capture: looks like {what}"),
            )
        })
    };
    match refusal {
        Some((code, message)) => walk.refuse(item.member.clone(), Some(item.bytes), code, message),
        None => members(walk, item, &mut archive, level),
    }
}

fn members<'z>(walk: &mut Walk, item: &Item<'z>, archive: &mut Archive<'z>, level: usize) {
    let before = walk.handed_on;
    let names = member_names(archive);
    let files = names
        .iter()
        .filter(|name| !name.ends_with('/') && !names::is_hidden(name))
        .count();
    let mut read = 0;
    for place in names::chosen(&names) {
        let Some(name) = names.get(place).filter(|name| !name.ends_with('/')) else {
            continue;
        };
        let unpacked = unpack(
            archive,
            item.bytes,
            place,
            &mut walk.budget,
            MAX_CAPTURE_BYTES,
        );
        if names::is_companion_name(name) && !text::open(&unpacked.bytes).is_json_like() {
            continue;
        }
        read += 1;
        let member = names::inside(item.member.as_deref(), name);
        let mut beside = Beside {
            archive: &mut *archive,
            bytes: item.bytes,
            capture: name.clone(),
        };
        walk.unpacked(Some(member), unpacked, level + 1, Some(&mut beside));
    }
    let damage = archive.has_duplicate_names().then(|| {
        Damage::new("several members have one name, and only the last of each could be read")
    });
    walk.close(item, before, files - read, damage);
}

fn member_names(archive: &mut Archive) -> Vec<String> {
    archive
        .file_names_raw()
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect()
}

/// A zip whose directory is missing stands at the end of what was cut off: members are read from the front.
fn salvage(walk: &mut Walk, item: &Item, level: usize, error: &ZipError) {
    let before = walk.handed_on;
    let mut names = Vec::new();
    each_in_stream(item.bytes, |file| names.push(name_of(file)));
    let chosen = names::chosen(&names);
    let mut place = 0;
    each_in_stream(item.bytes, |file| {
        let name = name_of(file);
        if chosen.contains(&place) && !name.ends_with('/') && !names::is_companion_name(&name) {
            let unpacked = unpack_file(file, &mut walk.budget, MAX_CAPTURE_BYTES);
            let member = names::inside(item.member.as_deref(), &name);
            walk.unpacked(Some(member), unpacked, level + 1, None);
        }
        place += 1;
    });
    walk.close(item, before, 0, Some(Damage::of_archive(error)));
}

/// Goes through the members that stand one behind the other from the start, as far as they can be made out.
fn each_in_stream(bytes: &[u8], mut with: impl FnMut(&mut ZipFile<'_, &[u8]>)) {
    let mut rest = bytes;
    for _ in 0..MAX_MEMBERS {
        match read_zipfile_from_stream(&mut rest) {
            Ok(Some(mut file)) => with(&mut file),
            Ok(None) | Err(_) => return,
        }
    }
}

fn name_of<R: std::io::Read>(file: &ZipFile<R>) -> String {
    String::from_utf8_lossy(file.name_raw()).into_owned()
}

/// Unpacks a member; `bytes` are those of the archive.
fn unpack(
    archive: &mut Archive,
    bytes: &[u8],
    place: usize,
    budget: &mut Budget,
    limit: u64,
) -> Unpacked {
    match archive.by_index(place) {
        Ok(mut file) => match inflate_file(bytes, &file, budget, limit) {
            Some(unpacked) => unpacked,
            None => unpack_file(&mut file, budget, limit),
        },
        Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
            Unpacked::refused(Fault::Encrypted)
        }
        Err(ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)) => {
            Unpacked::refused(Fault::UnknownPacking)
        }
        Err(_) => Unpacked::refused(Fault::Damaged(0)),
    }
}

/// The short way, by what the directory says of a member that is packed as nearly all are.
fn inflate_file<R: std::io::Read>(
    archive: &[u8],
    file: &ZipFile<R>,
    budget: &mut Budget,
    limit: u64,
) -> Option<Unpacked> {
    if file.compression() != CompressionMethod::Deflated || file.encrypted() {
        return None;
    }
    let start = usize::try_from(file.data_start()?).ok()?;
    let length = usize::try_from(file.compressed_size()).ok()?;
    let deflated = archive.get(start..start.checked_add(length)?)?;
    budget.at_once(file.compressed_size(), limit, |most| {
        inflated_within(deflated, file.size(), file.crc32(), most)
    })
}

fn unpack_file<R: std::io::Read>(
    file: &mut ZipFile<R>,
    budget: &mut Budget,
    limit: u64,
) -> Unpacked {
    let packed = file.compressed_size();
    // A claim that is too much is refused before anything is unpacked; one that lies is met by the meter.
    if file.compression() != CompressionMethod::Stored && file.size() > allowance(packed) {
        return Unpacked::refused(Fault::Expands);
    }
    let meter = Meter::of_size(packed);
    budget.unpack(meter.limiting(file), &meter, limit)
}

/// The files beside a capture in the same archive.
struct Beside<'a, 'z> {
    archive: &'a mut Archive<'z>,
    bytes: &'z [u8],
    /// The capture's own name.
    capture: String,
}

impl Attachments for Beside<'_, '_> {
    fn get(&mut self, name: &str, budget: &mut Budget) -> Attached {
        let folder = self
            .capture
            .rsplit_once('/')
            .map(|(folder, _)| format!("{folder}/"));
        let wanted = format!("{}{name}", folder.unwrap_or_default());
        let Some(place) = self.archive.index_for_name(&wanted) else {
            return Attached::Missing;
        };
        let Unpacked { bytes, fault } = unpack(
            self.archive,
            self.bytes,
            place,
            budget,
            MAX_VALUE_BYTES as u64,
        );
        match fault {
            None => Attached::Bytes(bytes),
            Some(fault) => Attached::Unreadable(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        let deflated = options.compression_method(CompressionMethod::Deflated);
        archive.start_file("a.har", deflated).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
        archive.finish().unwrap().into_inner()
    }

    /// The only member, by the short way and by the long one.
    fn both_ways(bytes: &[u8]) -> Option<(Option<Unpacked>, Unpacked)> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut file = archive.by_index(0).ok()?;
        let budget = || Budget::new(bytes.len());
        let short = inflate_file(bytes, &file, &mut budget(), MAX_CAPTURE_BYTES);
        let long = unpack_file(&mut file, &mut budget(), MAX_CAPTURE_BYTES);
        Some((short, long))
    }

    proptest! {
        #[test]
        fn a_member_unpacked_at_once_is_the_one_that_comes_piece_by_piece(
            text in ".{1,300}",
            at in any::<prop::sample::Index>(),
            bit in 0..8u8,
        ) {
            let mut bytes = packed(&text);
            let (short, _) = both_ways(&bytes).expect("an archive");
            prop_assert_eq!(short.map(|member| member.bytes), Some(text.into_bytes()));
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            if let Some((Some(short), long)) = both_ways(&bytes) {
                prop_assert_eq!((short.bytes, short.fault), (long.bytes, long.fault));
            }
        }
    }
}
