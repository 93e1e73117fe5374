import asyncio
import os

import pytest
from azure.core import MatchConditions

from said import refused
from test_block_blobs import content_of

MIB = 1 << 20


async def settled(blob):
    """The copy properties when the copy is no longer pending, polled as the client's samples do."""
    for _ in range(600):
        copy = (await blob.get_blob_properties()).copy
        if copy.status != "pending":
            return copy
        await asyncio.sleep(0.05)
    raise AssertionError("the copy is pending for half a minute")


async def test_a_copy_inside_an_account_carries_everything(container):
    source, target = container.get_blob_client("source"), container.get_blob_client("a copy")
    await source.upload_blob(b"hello", metadata={"k": "v"})
    started = await target.start_copy_from_url(source.url)
    assert started["copy_status"] == "success"
    assert await content_of(target) == b"hello"
    properties = await target.get_blob_properties()
    assert properties.metadata == {"k": "v"}
    assert (properties.copy.id, properties.copy.status, properties.copy.progress) == (started["copy_id"], "success", "5/5")
    assert properties.copy.source.startswith(source.url)


async def test_a_copy_from_another_account_is_pending_and_then_succeeds(south_account, container, far_container):
    source, target = far_container.get_blob_client("source"), container.get_blob_client("target")
    content = os.urandom(MIB)
    await source.upload_blob(content)
    started = await target.start_copy_from_url(south_account.signed_blob(source, "r"), metadata={"my": "own"})
    assert started["copy_status"] == "pending"
    properties = await target.get_blob_properties()
    assert (properties.copy.status, properties.size) == ("pending", 0)
    with refused(409, "PendingCopyOperation"):
        await target.upload_blob(b"over it", overwrite=True)
    copy = await settled(target)
    assert (copy.status, copy.progress) == ("success", f"{MIB}/{MIB}") and copy.completion_time
    assert await content_of(target) == content
    assert (await target.get_blob_properties()).metadata == {"my": "own"}


async def test_a_pending_copy_is_aborted_once(south_account, container, far_container):
    source, target = far_container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x" * MIB)
    started = await target.start_copy_from_url(south_account.signed_blob(source, "r"))
    await target.abort_copy(started["copy_id"])
    properties = await target.get_blob_properties()
    assert (properties.copy.status, properties.size) == ("aborted", 0)
    with refused(409, "NoPendingCopyOperation"):
        await target.abort_copy(started["copy_id"])


async def test_a_source_changed_under_way_fails_the_copy(south_account, container, far_container):
    source, target = far_container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x" * MIB)
    await target.start_copy_from_url(south_account.signed_blob(source, "r"))
    await source.upload_blob(b"y" * MIB, overwrite=True)
    copy = await settled(target)
    assert copy.status == "failed" and copy.status_description


async def test_a_source_that_may_not_be_read_is_refused(container, far_container):
    source, target = far_container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x")
    with refused(401, "CannotVerifyCopySource"):
        await target.start_copy_from_url(source.url)
    with refused(404, "BlobNotFound"):
        await target.start_copy_from_url(container.get_blob_client("nothing").url)


async def test_a_copy_that_needs_the_answer_now_is_synchronous(south_account, container, far_container):
    source, target = far_container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"hello")
    done = await target.start_copy_from_url(south_account.signed_blob(source, "r"), requires_sync=True)
    assert done["copy_status"] == "success"
    assert await content_of(target) == b"hello"


async def test_conditions_on_either_side_hold_a_copy_back(container):
    source, target = container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x")
    await target.upload_blob(b"y")
    wrong = '"0x8D0"'
    with refused(412, "SourceConditionNotMet"):
        await target.start_copy_from_url(source.url, source_etag=wrong, source_match_condition=MatchConditions.IfNotModified)
    with refused(412, "TargetConditionNotMet"):
        await target.start_copy_from_url(source.url, etag=wrong, match_condition=MatchConditions.IfNotModified)


@pytest.mark.parametrize("make", ["snapshot", "append", "page"])
async def test_every_kind_of_source_is_copied(container, make):
    source, target = container.get_blob_client("source"), container.get_blob_client("target")
    url, content = source.url, b"x" * 512
    if make == "page":
        await source.create_page_blob(512)
        await source.upload_page(content, 0, 512)
    elif make == "append":
        await source.create_append_blob()
        await source.append_block(content)
    else:
        await source.upload_blob(content)
        url += "?snapshot=" + (await source.create_snapshot())["snapshot"]
        await source.upload_blob(b"changed since", overwrite=True)
    await target.start_copy_from_url(url)
    assert (await settled(target)).status == "success"
    assert await content_of(target) == content
    assert (await target.get_blob_properties()).blob_type == (await source.get_blob_properties()).blob_type


async def test_a_snapshot_is_copied_over_its_own_blob(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"before")
    snapshot = await blob.create_snapshot()
    await blob.upload_blob(b"after", overwrite=True)
    await blob.start_copy_from_url(f"{blob.url}?snapshot={snapshot['snapshot']}")
    assert await content_of(blob) == b"before"


async def test_incremental_copies_gather_snapshots(north_account, container):
    disk, backup = container.get_blob_client("disk"), container.get_blob_client("backup")
    await disk.create_page_blob(1024)
    await disk.upload_page(b"1" * 512, 0, 512)
    for round_ in range(2):
        snapshot = (await disk.create_snapshot())["snapshot"]
        source = f"{north_account.signed_blob(disk, 'r')}&snapshot={snapshot}"
        await backup.start_copy_from_url(source, incremental_copy=True)
        assert (await settled(backup)).status == "success"
        await disk.upload_page(b"2" * 512, 512, 512)
    kept = [item async for item in container.list_blobs("backup", include=["snapshots"])]
    assert len([item for item in kept if item.snapshot]) == 2


async def test_a_copy_is_seen_in_the_listing(south_account, container, far_container):
    source = far_container.get_blob_client("source")
    await source.upload_blob(b"x" * MIB)
    started = await container.get_blob_client("target").start_copy_from_url(south_account.signed_blob(source, "r"))
    [listed] = [item async for item in container.list_blobs(include=["copy"])]
    assert (listed.copy.id, listed.copy.status) == (started["copy_id"], "pending")
    assert listed.copy.progress.endswith(f"/{MIB}")
    await settled(container.get_blob_client("target"))
