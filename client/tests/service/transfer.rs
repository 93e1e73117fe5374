use blobferry::operation::GetBlobProperties;
use blobferry::{ErrorCode, TransferError, Upload};

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn a_blob_comes_back_as_it_was_written_whatever_its_length() {
    let world = World::new(1);
    let container = world.container("north", "box").await;
    let client = world.owner().build().unwrap();
    for length in [0, 1, 99, 100, 101, 2_000, 2_050] {
        let content: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let blob = container.blob(format!("{length}").parse().unwrap());
        let upload = Upload {
            block_size: 100,
            ..Upload::new(blob.clone())
        };
        client.upload(upload, content.as_slice()).await.unwrap();
        assert_eq!(world.content(&blob).await, content);
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_comes_back_as_it_was() {
    let world = World::new(1);
    let container = world.container("north", "box").await;
    let client = world.owner().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let content: Vec<u8> = (0..20_u32 << 20).map(|at| (at / 7) as u8).collect();
    std::fs::write(&here, &content).unwrap();
    let blob = container.blob("file".parse().unwrap());
    client.upload_file(blob.clone(), &here).await.unwrap();
    let properties = client.download_to(&blob, &there).await.unwrap();
    assert_eq!(properties.content_length, Some(20 << 20));
    assert!(std::fs::read(&there).unwrap() == content);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_said_by_whose_fault_it_is() {
    let world = World::new(1);
    let container = world.container("north", "box").await;
    let client = world.owner().build().unwrap();
    let blob = container.blob("none".parse().unwrap());
    let error = client.download(&blob, Vec::new()).await.unwrap_err();
    assert!(
        matches!(&error, TransferError::Blob(error) if error.service().is_some_and(|error| error.status == 404)),
        "{error}"
    );
    let error = client
        .upload_file(blob.clone(), "/no/such/file")
        .await
        .unwrap_err();
    assert!(matches!(error, TransferError::Local(_)), "{error}");
    let error = client.send(GetBlobProperties::new(blob)).await.unwrap_err();
    assert!(error.has_code(&ErrorCode::BLOB_NOT_FOUND), "{error}");
}
