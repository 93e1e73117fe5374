import pytest
from azure.storage.blob import StandardBlobTier

from said import names, refused
from test_block_blobs import content_of


async def test_a_snapshot_keeps_what_was(north, container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"one", metadata={"k": "1"})
    taken = await blob.create_snapshot(metadata={"k": "snap"})
    await blob.upload_blob(b"two", overwrite=True)
    snapshot = north.get_blob_client(container.container_name, "b", snapshot=taken)
    assert (await content_of(snapshot), await content_of(blob)) == (b"one", b"two")
    assert (await snapshot.get_blob_properties()).metadata == {"k": "snap"}
    with refused(409, "SnapshotsPresent"):
        await blob.delete_blob()
    await blob.delete_blob(delete_snapshots="only")
    assert await blob.exists() and not await snapshot.exists()
    await blob.create_snapshot()
    await blob.delete_blob(delete_snapshots="include")
    assert await names(container.list_blobs(include=["snapshots"])) == []


async def test_tags_are_set_read_replaced_and_conditions(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x", tags={"stage": "raw", "owner": "a b/c"})
    assert await blob.get_blob_tags() == {"stage": "raw", "owner": "a b/c"}
    await blob.set_blob_tags({"stage": "done"})
    assert await blob.get_blob_tags() == {"stage": "done"}
    assert (await blob.get_blob_properties()).tag_count == 1
    with refused(412, "ConditionNotMet"):
        await blob.delete_blob(if_tags_match_condition="\"stage\"='raw'")
    await blob.delete_blob(if_tags_match_condition="\"stage\"='done'")


async def test_blobs_are_found_by_their_tags(north, container):
    for number in range(7):
        await container.upload_blob(f"b{number}", b"", tags={"number": str(number), "of": container.container_name})
    where = f"\"of\"='{container.container_name}' AND \"number\">='2' AND \"number\"<'6'"
    found = [item async for item in north.find_blobs_by_tags(where)]
    assert sorted((item.container_name, item.name) for item in found) == [
        (container.container_name, f"b{number}") for number in range(2, 6)
    ]
    pages = container.find_blobs_by_tags(f"\"of\"='{container.container_name}'", results_per_page=3).by_page()
    assert [len(await names(page)) async for page in pages] == [3, 3, 1]


@pytest.mark.parametrize("tier", [StandardBlobTier.HOT, StandardBlobTier.COOL, StandardBlobTier.COLD])
async def test_a_tier_is_given_at_upload_and_later(container, tier):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x", standard_blob_tier=tier)
    assert (await blob.get_blob_properties()).blob_tier == tier
    other = StandardBlobTier.HOT if tier != StandardBlobTier.HOT else StandardBlobTier.COOL
    await blob.set_standard_blob_tier(other)
    properties = await blob.get_blob_properties()
    assert properties.blob_tier == other and properties.blob_tier_change_time


async def test_an_archived_blob_is_not_read_until_it_is_back(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x")
    await blob.set_standard_blob_tier(StandardBlobTier.ARCHIVE)
    with refused(409, "BlobArchived"):
        await blob.download_blob()
    await blob.set_standard_blob_tier(StandardBlobTier.HOT, rehydrate_priority="High")
    properties = await blob.get_blob_properties()
    assert properties.archive_status in (None, "rehydrate-pending-to-hot")


async def test_a_copy_is_given_a_tier(container):
    source, target = container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x")
    await target.start_copy_from_url(source.url, standard_blob_tier=StandardBlobTier.COOL, tags={"a": "b"})
    assert (await target.get_blob_properties()).blob_tier == "Cool"
    assert await target.get_blob_tags() == {"a": "b"}
