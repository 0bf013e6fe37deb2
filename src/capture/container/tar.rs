//! A tar: its members as they come.

use std::io::{self, Read};

use tar::{Archive, Entry};

use super::limits::{Fault, MAX_MEMBERS, Meter};
use super::names;
use super::{Damage, Item, Walk};
use crate::capture::read::MAX_CAPTURE_BYTES;
use crate::capture::text;

/// Reads every member that is not plainly something else. `reader` is the tar's text: the item's own bytes, or what they
/// unpack to, which `meter` watches.
pub fn walk(walk: &mut Walk, item: &Item, reader: impl Read, meter: &Meter, level: usize) {
    let before = walk.handed_on;
    let mut left_out = 0;
    let mut archive = Archive::new(reader);
    let read = archive.entries().and_then(|entries| {
        for (number, entry) in entries.enumerate() {
            let entry = entry?;
            if number >= MAX_MEMBERS {
                return Err(io::Error::other(format!("more than {MAX_MEMBERS} members")));
            }
            left_out += usize::from(!member(walk, item, entry, meter, level));
        }
        Ok(())
    });
    let damage = read.err().map(|error| match meter.exceeded() {
        true => Damage::of_fault(Fault::Expands),
        false => Damage::of_archive(&error),
    });
    walk.close(item, before, left_out, damage);
}

/// Reads one member. `false`: it is plainly no capture.
fn member<R: Read>(
    walk: &mut Walk,
    item: &Item,
    entry: Entry<R>,
    meter: &Meter,
    level: usize,
) -> bool {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let kind = entry.header().entry_type();
    if !(kind.is_file() || kind.is_gnu_sparse() || kind.is_contiguous()) || names::is_hidden(&name)
    {
        return true;
    }
    let unpacked = walk.budget.unpack(entry, meter, MAX_CAPTURE_BYTES);
    if names::is_companion_name(&name) && !text::open(&unpacked.bytes).is_json_like() {
        return false;
    }
    let member = names::inside(item.member.as_deref(), &name);
    walk.unpacked(Some(member), unpacked, level + 1, None);
    true
}
