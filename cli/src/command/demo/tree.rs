//! The files of a tree.

use std::path::{Path, PathBuf};

use super::unreadable;
use crate::failure::Failure;

/// Directories that hold nothing of the user's.
const PASSED_OVER: [&str; 2] = [".git", "target"];

/// Every file below, in order of name. Links are not followed: they may lead out of the tree.
pub(super) fn files(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        let entries = std::fs::read_dir(&dir).map_err(|error| unreadable(dir.clone(), &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(dir.clone(), &error))?;
            let kind = entry
                .file_type()
                .map_err(|error| unreadable(entry.path(), &error))?;
            if kind.is_file() {
                files.push(entry.path());
            } else if kind.is_dir() && !PASSED_OVER.iter().any(|name| entry.file_name() == *name) {
                dirs.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
