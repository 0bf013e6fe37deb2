//! The way from one folder to another place, as it stands in a manifest and in the record of a run: with `/` between
//! names on every system, so that a dataset can be checked wherever it and its captures were carried together.

use std::path::{Component, Path, PathBuf};

/// The way from a folder to a file, both absolute; the absolute path where there is none (another drive).
pub(super) fn seen_from(folder: &Path, file: &Path) -> Vec<u8> {
    way(folder, file).unwrap_or_else(|| file.as_os_str().as_encoded_bytes().to_vec())
}

/// The way from a folder to a place, both absolute; `None`: it is on another drive.
pub(super) fn way(folder: &Path, place: &Path) -> Option<Vec<u8>> {
    let shared = folder
        .components()
        .zip(place.components())
        .take_while(|(ours, theirs)| ours == theirs)
        .count();
    if shared == 0 {
        return None;
    }
    let up = folder
        .components()
        .skip(shared)
        .map(|_| Component::ParentDir);
    let down = place.components().skip(shared);
    let steps = up
        .chain(down)
        .map(|step| step.as_os_str().as_encoded_bytes());
    Some(steps.collect::<Vec<_>>().join(&b'/'))
}

/// Where a way leads from a folder, which must be without links. Step by step, because not every system takes `..` in
/// the middle of a path.
pub fn follow(folder: &Path, way: &Path) -> PathBuf {
    let mut place = folder.to_owned();
    for step in way.components() {
        match step {
            Component::ParentDir => drop(place.pop()),
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => place.push(step),
        }
    }
    place
}

/// A path from the bytes by which it was written; `None`: no path of this system.
#[cfg(unix)]
pub fn path_of_bytes(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

/// A path from the bytes by which it was written; `None`: no path of this system.
#[cfg(not(unix))]
pub fn path_of_bytes(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_an_input_leads_up_and_down() {
        let way = |folder: &str, file: &str| {
            String::from_utf8(seen_from(Path::new(folder), Path::new(file))).unwrap()
        };
        assert_eq!(
            way("/news/out", "/news/captures/a.har"),
            "../captures/a.har"
        );
        assert_eq!(way("/news/deep/out", "/a.har"), "../../../a.har");
        assert_eq!(way("/news/out", "/news/out.har"), "../out.har");
    }

    #[test]
    fn a_way_is_followed_to_where_it_came_from() {
        for place in ["/news", "/news/captures/a.har", "/elsewhere", "/"] {
            let (folder, place) = (Path::new("/news/out"), Path::new(place));
            let way = path_of_bytes(&way(folder, place).unwrap()).unwrap();
            assert_eq!(follow(folder, &way), place);
        }
    }
}
