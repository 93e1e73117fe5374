import pytest
from azure.storage.blob import BlobType, SequenceNumberAction

from said import refused
from test_block_blobs import content_of


async def ranges(blob, **options):
    filled, cleared = await blob.get_page_ranges(**options)
    return [(piece["start"], piece["end"]) for piece in filled], [(piece["start"], piece["end"]) for piece in cleared]


async def test_pages_are_written_cleared_and_told(container):
    blob = container.get_blob_client("disk")
    await blob.create_page_blob(4096)
    await blob.upload_page(b"a" * 1024, offset=512, length=1024)
    await blob.upload_page(b"b" * 512, offset=3072, length=512)
    assert await ranges(blob) == ([(512, 1535), (3072, 3583)], [])
    await blob.clear_page(offset=512, length=512)
    assert await ranges(blob) == ([(1024, 1535), (3072, 3583)], [])
    assert [(piece.start, piece.end, piece.cleared) async for piece in blob.list_page_ranges()] == [
        (1024, 1535, False),
        (3072, 3583, False),
    ]
    assert await content_of(blob, offset=1024, length=512) == b"a" * 512
    with refused(416, "InvalidPageRange"):
        await blob.upload_page(b"c" * 512, offset=4096, length=512)


async def test_what_changed_since_a_snapshot_is_told(container):
    blob = container.get_blob_client("disk")
    await blob.create_page_blob(4096)
    await blob.upload_page(b"a" * 1024, offset=0, length=1024)
    snapshot = await blob.create_snapshot()
    await blob.clear_page(offset=0, length=512)
    await blob.upload_page(b"b" * 512, offset=2048, length=512)
    assert await ranges(blob, previous_snapshot_diff=snapshot) == ([(2048, 2559)], [(0, 511)])


async def test_page_blobs_are_resized_and_numbered(container):
    blob = container.get_blob_client("disk")
    await blob.create_page_blob(512, sequence_number=7)
    await blob.resize_blob(2048)
    await blob.set_sequence_number(SequenceNumberAction.Increment)
    properties = await blob.get_blob_properties()
    assert (properties.size, properties.page_blob_sequence_number) == (2048, 8)
    with refused(412, "SequenceNumberConditionNotMet"):
        await blob.upload_page(b"x" * 512, offset=0, length=512, if_sequence_number_lt=8)


async def test_a_page_blob_is_uploaded_whole_and_its_empty_pages_are_not_sent(container):
    blob = container.get_blob_client("disk")
    content = b"a" * 512 + b"\0" * 512 + b"b" * 512
    await blob.upload_blob(content, blob_type=BlobType.PageBlob)
    assert await content_of(blob) == content


async def test_pages_are_written_from_a_url(north_account, container):
    source, blob = container.get_blob_client("source"), container.get_blob_client("disk")
    await source.upload_blob(b"s" * 1024)
    await blob.create_page_blob(1024)
    await blob.upload_pages_from_url(north_account.signed_blob(source, "r"), offset=512, length=512, source_offset=0)
    assert await content_of(blob) == b"\0" * 512 + b"s" * 512


async def test_appended_blocks_follow_each_other(container):
    blob = container.get_blob_client("log")
    await blob.create_append_blob()
    first = await blob.append_block(b"one,")
    second = await blob.append_block(b"two", appendpos_condition=4)
    assert (first["blob_append_offset"], second["blob_append_offset"]) == ("0", "4")
    assert second["blob_committed_block_count"] == 2
    assert await content_of(blob) == b"one,two"
    with refused(412, "AppendPositionConditionNotMet"):
        await blob.append_block(b"x", appendpos_condition=4)
    with refused(412, "MaxBlobSizeConditionNotMet"):
        await blob.append_block(b"x", maxsize_condition=7)


async def test_appending_from_a_url(north_account, container):
    source, blob = container.get_blob_client("source"), container.get_blob_client("log")
    await source.upload_blob(b"0123456789")
    await blob.create_append_blob()
    await blob.append_block_from_url(north_account.signed_blob(source, "r"), source_offset=3, source_length=4)
    assert await content_of(blob) == b"3456"


async def test_a_sealed_append_blob_takes_no_more(container):
    blob = container.get_blob_client("log")
    await blob.create_append_blob()
    await blob.append_block(b"x")
    assert (await blob.seal_append_blob())["blob_sealed"]
    with refused(409, "BlobIsSealed"):
        await blob.append_block(b"x")


@pytest.mark.parametrize("write", ["append_block", "stage_block"])
async def test_a_write_of_another_blob_type_is_refused(container, write):
    blob = container.get_blob_client("disk")
    await blob.create_page_blob(512)
    with refused(409, "InvalidBlobType"):
        await (blob.append_block(b"x") if write == "append_block" else blob.stage_block("AAAA", b"x"))
