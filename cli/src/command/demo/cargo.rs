//! Putting files and generated blobs into a container.

use std::path::{Path, PathBuf};

use blobferry::operation::PutBlob;
use blobferry::{BlobName, Cancel, Client, ContainerAddress};
use tokio::task::JoinSet;

use super::{generated, unreadable};
use crate::failure::Failure;

/// Blobs put at once.
const AT_ONCE: usize = 16;

/// What was put.
#[derive(Debug, Default)]
pub(super) struct Cargo {
    pub(super) blobs: u64,
    pub(super) bytes: u64,
    /// Files whose names cannot be names of blobs.
    pub(super) passed_over: Vec<String>,
}

/// Puts everything, several blobs at a time.
pub(super) async fn put(
    client: &Client,
    container: &ContainerAddress,
    dir: &Path,
    files: Vec<PathBuf>,
    largest: u64,
    cancel: &Cancel,
) -> Result<Cargo, Failure> {
    let mut cargo = Cargo::default();
    let mut putting: JoinSet<Result<u64, Failure>> = JoinSet::new();
    for made in generated::all(largest) {
        let (client, container) = (client.clone(), container.clone());
        putting.spawn(async move {
            let put = made.put(&client, &container).await;
            put.map_err(|error| Failure::new(format!("cannot put {}", made.name), &error))?;
            Ok(made.bytes)
        });
    }
    for path in files {
        if cancel.is_requested() {
            return Err(Failure::interrupted());
        }
        let Some(name) = name_of(dir, &path) else {
            cargo.passed_over.push(path.display().to_string());
            continue;
        };
        if putting.len() >= AT_ONCE
            && let Some(landed) = putting.join_next().await
        {
            cargo.add(landed)?;
        }
        let (client, container) = (client.clone(), container.clone());
        putting.spawn(async move { file(&client, &container, name, path).await });
    }
    while let Some(landed) = putting.join_next().await {
        cargo.add(landed)?;
    }
    Ok(cargo)
}

impl Cargo {
    fn add(
        &mut self,
        landed: Result<Result<u64, Failure>, tokio::task::JoinError>,
    ) -> Result<(), Failure> {
        self.bytes += landed.map_err(|_| Failure::interrupted())??;
        self.blobs += 1;
        Ok(())
    }
}

/// The name a file gets, with `/` between its parts on every system.
fn name_of(dir: &Path, path: &Path) -> Option<BlobName> {
    let below = path.strip_prefix(dir).ok()?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    parts?.join("/").parse().ok()
}

async fn file(
    client: &Client,
    container: &ContainerAddress,
    name: BlobName,
    path: PathBuf,
) -> Result<u64, Failure> {
    let content = std::fs::read(&path).map_err(|error| unreadable(path, &error))?;
    let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
    let put = client.send(PutBlob::block(container.blob(name.clone()), content));
    put.await
        .map_err(|error| Failure::new(format!("cannot put {name}"), &error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_way_below_the_tree() {
        let name = name_of(Path::new("/a"), Path::new("/a/b/c d.txt"));
        assert_eq!(name.unwrap().as_str(), "b/c d.txt");
        assert!(name_of(Path::new("/a"), Path::new("/b")).is_none());
    }
}
