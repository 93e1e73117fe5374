"""An account that keeps versions."""

import pytest

from own import Account, emulator
from said import refused
from test_block_blobs import content_of


@pytest.fixture(scope="module")
def shown():
    with emulator("--versions") as shown:
        yield shown


@pytest.fixture
async def north_account(shown, kind):
    return Account(shown["accounts"][0], kind)


@pytest.fixture
async def blob(container):
    """A blob written twice, and the id of its first version."""
    made = container.get_blob_client("b")
    first = (await made.upload_blob(b"first"))["version_id"]
    second = (await made.upload_blob(b"second", overwrite=True))["version_id"]
    assert first < second
    return made, first, second


async def read(blob, version):
    return await (await blob.download_blob(version_id=version)).readall()


async def test_each_write_is_a_version(container, blob):
    made, first, second = blob
    assert await content_of(made) == b"second"
    assert (await read(made, first), await read(made, second)) == (b"first", b"second")
    listed = [item async for item in container.list_blobs(include=["versions"])]
    assert [(item.version_id, bool(item.is_current_version)) for item in listed] == [(first, False), (second, True)]
    properties = await made.get_blob_properties(version_id=first)
    assert (properties.size, properties.version_id, bool(properties.is_current_version)) == (5, first, False)


async def test_metadata_makes_a_version_too(blob):
    made, _, second = blob
    third = (await made.set_blob_metadata({"k": "v"}))["version_id"]
    assert third > second
    assert (await made.get_blob_properties(version_id=second)).metadata == {}


async def test_a_deleted_blob_leaves_its_versions_and_one_is_brought_back(blob):
    made, first, second = blob
    await made.delete_blob()
    with refused(404, "BlobNotFound"):
        await content_of(made)
    assert await read(made, second) == b"second"
    await made.start_copy_from_url(f"{made.url}?versionid={first}")
    assert await content_of(made) == b"first"


async def test_a_version_is_deleted_by_its_id(container, blob):
    made, first, second = blob
    await made.delete_blob(version_id=first)
    with refused(404, "BlobNotFound"):
        await read(made, first)
    assert [item.version_id async for item in container.list_blobs(include=["versions"])] == [second]


async def test_a_version_has_a_tier_and_tags_of_its_own(blob):
    made, first, _ = blob
    await made.set_standard_blob_tier("Cool", version_id=first)
    await made.set_blob_tags({"of": "first"}, version_id=first)
    assert (await made.get_blob_properties(version_id=first)).blob_tier == "Cool"
    assert (await made.get_blob_properties()).blob_tier == "Hot"
    assert await made.get_blob_tags(version_id=first) == {"of": "first"}
    assert await made.get_blob_tags() == {}
