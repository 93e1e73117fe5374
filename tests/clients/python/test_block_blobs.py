import base64
import hashlib
import os

import pytest
from azure.core import MatchConditions
from azure.storage.blob import BlobBlock, ContentSettings

from said import refused

KIB = 1 << 10


def block_id(number):
    return base64.b64encode(f"{number:032d}".encode()).decode()


async def content_of(blob, **options):
    return await (await blob.download_blob(**options)).readall()


async def test_an_upload_comes_back_with_its_metadata_and_headers(container):
    blob = container.get_blob_client("a folder/ümlaut & 100 %.txt")
    settings = ContentSettings(content_type="text/plain", cache_control="no-cache", content_language="de")
    await blob.upload_blob(b"hello", metadata={"author": "me"}, content_settings=settings)
    assert await content_of(blob) == b"hello"
    properties = await blob.get_blob_properties()
    assert properties.size == 5 and properties.blob_type == "BlockBlob"
    assert properties.metadata == {"author": "me"}
    kept = properties.content_settings
    assert (kept.content_type, kept.cache_control, kept.content_language) == ("text/plain", "no-cache", "de")
    assert bytes(kept.content_md5) == hashlib.md5(b"hello").digest()


async def test_an_empty_blob_is_a_blob(container):
    blob = container.get_blob_client("empty")
    await blob.upload_blob(b"")
    assert await content_of(blob) == b""
    assert await blob.exists()


async def test_a_second_upload_needs_overwrite(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"one")
    with refused(409, "BlobAlreadyExists"):
        await blob.upload_blob(b"two")
    await blob.upload_blob(b"two", overwrite=True)
    assert await content_of(blob) == b"two"


@pytest.mark.parametrize("size", [64 * KIB, 64 * KIB + 1, 300 * KIB + 17])
@pytest.mark.parametrize("concurrency", [1, 4])
async def test_a_large_blob_goes_up_in_blocks_and_down_in_ranges(north_account, container, size, concurrency):
    content = os.urandom(size)
    pieces = dict(
        max_single_put_size=64 * KIB, max_block_size=64 * KIB, max_single_get_size=64 * KIB, max_chunk_get_size=64 * KIB
    )
    service = north_account.owner(**pieces)
    blob = service.get_blob_client(container.container_name, "large")
    await blob.upload_blob(content, max_concurrency=concurrency)
    committed, _ = await blob.get_block_list("all")
    assert len(committed) == (0 if size <= 64 * KIB else -(-size // (64 * KIB)))
    assert await content_of(blob, max_concurrency=concurrency) == content
    assert await content_of(blob, offset=1000, length=200 * KIB) == content[1000 : 1000 + 200 * KIB]
    await service.close()


@pytest.mark.parametrize("size", [100, 100 * KIB])
async def test_content_is_checked_on_both_ways_where_asked(north_account, container, size):
    content = os.urandom(size)
    service = north_account.owner(
        max_single_put_size=32 * KIB, max_block_size=32 * KIB, max_single_get_size=32 * KIB, max_chunk_get_size=32 * KIB
    )
    blob = service.get_blob_client(container.container_name, "checked")
    await blob.upload_blob(content, validate_content=True)
    assert await content_of(blob, validate_content=True) == content
    await service.close()


async def test_a_stream_of_unknown_length_is_uploaded(container):
    def parts():
        for number in range(10):
            yield bytes([number]) * 1000

    blob = container.get_blob_client("streamed")
    await blob.upload_blob(parts())
    assert (await blob.get_blob_properties()).size == 10_000


async def test_downloads_come_in_chunks(north_account, container):
    content = os.urandom(100 * KIB)
    await container.upload_blob("b", content)
    service = north_account.owner(max_single_get_size=32 * KIB, max_chunk_get_size=16 * KIB)
    stream = await service.get_blob_client(container.container_name, "b").download_blob()
    chunks = [chunk async for chunk in stream.chunks()]
    assert b"".join(chunks) == content and len(chunks) >= 6
    await service.close()


async def test_staged_blocks_are_a_blob_only_when_committed(container):
    blob = container.get_blob_client("staged")
    for number in range(3):
        await blob.stage_block(block_id(number), bytes([65 + number]) * 10)
    with refused(404, "BlobNotFound"):
        await blob.download_blob()
    committed, uncommitted = await blob.get_block_list("all")
    assert committed == [] and [block.size for block in uncommitted] == [10, 10, 10]

    await blob.commit_block_list([BlobBlock(block_id(2)), BlobBlock(block_id(0))])
    assert await content_of(blob) == b"C" * 10 + b"A" * 10
    committed, uncommitted = await blob.get_block_list("all")
    assert [block.id for block in committed] == [block_id(2), block_id(0)] and uncommitted == []

    with refused(400, "InvalidBlockList"):
        await blob.commit_block_list([BlobBlock(block_id(1))])


async def test_blocks_and_blobs_are_written_from_a_url(north_account, container):
    source = container.get_blob_client("source")
    await source.upload_blob(b"0123456789", content_settings=ContentSettings(content_type="text/x-source"))
    url = north_account.signed_blob(source, "r")

    whole = container.get_blob_client("whole")
    await whole.upload_blob_from_url(url)
    assert await content_of(whole) == b"0123456789"
    assert (await whole.get_blob_properties()).content_settings.content_type == "text/x-source"

    part = container.get_blob_client("part")
    await part.stage_block_from_url(block_id(0), url, source_offset=2, source_length=5)
    await part.commit_block_list([BlobBlock(block_id(0))])
    assert await content_of(part) == b"23456"

    stale = dict(source_etag='"0x8D"', source_match_condition=MatchConditions.IfNotModified)
    with refused(412, "SourceConditionNotMet"):
        await whole.upload_blob_from_url(url, overwrite=True, **stale)


async def test_metadata_and_headers_are_replaced_as_a_whole(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x", metadata={"one": "1"}, content_settings=ContentSettings(content_type="text/plain"))
    await blob.set_blob_metadata({"two": "2"})
    await blob.set_http_headers(ContentSettings(content_encoding="identity"))
    properties = await blob.get_blob_properties()
    assert properties.metadata == {"two": "2"}
    assert properties.content_settings.content_encoding == "identity"
    assert properties.content_settings.content_type in (None, "", "application/octet-stream")


async def test_conditions_hold_reads_and_writes_back(container):
    blob = container.get_blob_client("b")
    written = await blob.upload_blob(b"x")
    with refused(412, "ConditionNotMet"):
        await blob.set_blob_metadata({"a": "b"}, etag='"0x8D0"', match_condition=MatchConditions.IfNotModified)
    with refused(304, "ConditionNotMet"):
        await blob.get_blob_properties(etag=written["etag"], match_condition=MatchConditions.IfModified)
    changed = await blob.set_blob_metadata({"a": "b"}, etag=written["etag"], match_condition=MatchConditions.IfNotModified)
    assert changed["etag"] != written["etag"]


async def test_a_range_past_the_end_is_refused_and_one_over_the_end_is_cut(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"0123456789")
    assert await content_of(blob, offset=7, length=100) == b"789"
    with refused(416, "InvalidRange"):
        await blob.download_blob(offset=10, length=1)


async def test_a_deleted_blob_is_gone(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x")
    await blob.delete_blob()
    assert not await blob.exists()
    with refused(404, "BlobNotFound"):
        await blob.delete_blob()
