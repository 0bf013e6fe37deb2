//! A zip: by its directory, or, where that was cut off, by the members that still stand whole.

use std::io::Cursor;

use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::attachment::{Attached, Attachments};
use super::limits::{Budget, Fault, MAX_MEMBERS, Meter, Unpacked, allowance};
use super::names;
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

fn members(walk: &mut Walk, item: &Item, archive: &mut Archive, level: usize) {
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
        let unpacked = unpack(archive, place, &mut walk.budget, MAX_CAPTURE_BYTES);
        if names::is_companion_name(name) && !text::open(&unpacked.bytes).is_json_like() {
            continue;
        }
        read += 1;
        let member = names::inside(item.member.as_deref(), name);
        let mut beside = Beside {
            archive: &mut *archive,
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

fn unpack(archive: &mut Archive, place: usize, budget: &mut Budget, limit: u64) -> Unpacked {
    match archive.by_index(place) {
        Ok(mut file) => unpack_file(&mut file, budget, limit),
        Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
            Unpacked::refused(Fault::Encrypted)
        }
        Err(ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)) => {
            Unpacked::refused(Fault::UnknownPacking)
        }
        Err(_) => Unpacked::refused(Fault::Damaged(0)),
    }
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
        let Unpacked { bytes, fault } = unpack(self.archive, place, budget, MAX_VALUE_BYTES as u64);
        match fault {
            None => Attached::Bytes(bytes),
            Some(fault) => Attached::Unreadable(fault),
        }
    }
}
