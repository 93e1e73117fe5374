import os

from azure.storage.blob import Blob, ContentSettings, Include
from azure.storage.blob.models import BatchDeleteSubRequest, BlobBlock, BlobPrefix, StandardBlobTier

from said import refused

KIB, MIB = 1 << 10, 1 << 20


def test_a_blob_goes_up_in_blocks_and_comes_down_in_ranges(north, container):
    blocks, content = north.blocks, os.urandom(MIB + 17)
    blocks.MAX_SINGLE_PUT_SIZE, blocks.MAX_BLOCK_SIZE = 64 * KIB, 100 * KIB
    blocks.MAX_SINGLE_GET_SIZE, blocks.MAX_CHUNK_GET_SIZE = 64 * KIB, 128 * KIB
    settings = ContentSettings(content_type="image/png", cache_control="no-cache", content_language="de")
    made = blocks.create_blob_from_bytes(
        container, "deep/ü & 100 %+#?.bin", content, content_settings=settings, metadata={"Two_Words": "a b"},
        validate_content=True,
    )
    read = blocks.get_blob_to_bytes(container, "deep/ü & 100 %+#?.bin", validate_content=True)
    assert read.content == content
    assert (read.properties.etag, read.properties.content_settings.content_language) == (made.etag, "de")
    assert read.metadata == {"Two_Words": "a b"}


def test_blocks_are_listed_reordered_and_taken_from_a_url(north, container):
    blocks = north.blocks
    blocks.create_blob_from_text(container, "source", "0123456789")
    blocks.put_block(container, "blob", b"one", "MQ==", validate_content=True)
    source = north.signed(container, "source", "r")
    blocks.put_block_from_url(container, "blob", source, source_range_start=2, source_range_end=4, block_id="Mg==")
    uncommitted = blocks.get_block_list(container, "blob", block_list_type="all").uncommitted_blocks
    assert [(block.id, block.size) for block in uncommitted] == [("MQ==", 3), ("Mg==", 3)]
    blocks.put_block_list(container, "blob", [BlobBlock("Mg=="), BlobBlock("MQ==")])
    assert blocks.get_blob_to_text(container, "blob").content == "234one"


def test_a_listing_tells_metadata_copies_snapshots_and_folders(north, container):
    blocks = north.blocks
    blocks.create_blob_from_text(container, "a/1", "x", metadata={"k": "v"})
    blocks.snapshot_blob(container, "a/1")
    blocks.copy_blob(container, "b", north.signed(container, "a/1", "r"))
    listed = list(blocks.list_blobs(container, include=Include(snapshots=True, metadata=True, copy=True)))
    assert [(blob.name, bool(blob.snapshot), blob.metadata) for blob in listed] == [
        ("a/1", True, {"k": "v"}), ("a/1", False, {"k": "v"}), ("b", False, {"k": "v"})]
    assert listed[2].properties.copy.status == "success"
    folders = list(blocks.list_blobs(container, delimiter="/"))
    assert [(type(item), item.name) for item in folders] == [(BlobPrefix, "a/"), (Blob, "b")]
    page = blocks.list_blobs(container, num_results=1)
    rest = blocks.list_blobs(container, num_results=5, marker=page.next_marker)
    assert [item.name for item in [*page, *rest]] == ["a/1", "b"]


def test_pages_are_written_cleared_and_compared(north, container):
    pages = north.pages
    pages.create_blob(container, "disk", 8 * KIB, sequence_number=3)
    pages.update_page(container, "disk", b"a" * KIB, 0, KIB - 1, if_sequence_number_eq=3)
    before = pages.snapshot_blob(container, "disk").snapshot
    pages.clear_page(container, "disk", 0, 511)
    pages.create_blob_from_bytes(container, "source", b"s" * KIB)
    pages.update_page_from_url(container, "disk", 4 * KIB, 5 * KIB - 1, north.signed(container, "source", "r"), 0)
    ranges = [(found.start, found.end) for found in pages.get_page_ranges(container, "disk")]
    assert ranges == [(512, 1023), (4096, 5119)]
    changed = pages.get_page_ranges_diff(container, "disk", before)
    assert sorted((found.start, found.end, found.is_cleared) for found in changed) == [(0, 511, True), (4096, 5119, False)]
    with refused(412, "SequenceNumberConditionNotMet"):
        pages.update_page(container, "disk", b"b" * 512, 0, 511, if_sequence_number_lt=3)
    pages.resize_blob(container, "disk", KIB)
    assert pages.get_blob_to_bytes(container, "disk").content == b"\0" * 512 + b"a" * 512


def test_what_is_appended_is_counted(north, container):
    appends = north.appends
    appends.create_blob(container, "log")
    first = appends.append_block(container, "log", b"one", validate_content=True)
    second = appends.append_block(container, "log", b"two", appendpos_condition=3)
    assert (first.append_offset, second.append_offset, second.committed_block_count) == (0, 3, 2)
    with refused(412, "AppendPositionConditionNotMet"):
        appends.append_block(container, "log", b"three", appendpos_condition=3)
    with refused(412, "MaxBlobSizeConditionNotMet"):
        appends.append_block(container, "log", b"three", maxsize_condition=8)
    north.blocks.create_blob_from_text(container, "source", "0123456789")
    appends.append_block_from_url(container, "log", north.signed(container, "source", "r"), 0, 2)
    assert appends.get_blob_to_text(container, "log").content == "onetwo012"


def test_conditions_hold_for_reads_and_writes(north, container):
    blocks = north.blocks
    etag = blocks.create_blob_from_text(container, "blob", "x").etag
    with refused(304, "ConditionNotMet"):
        blocks.get_blob_properties(container, "blob", if_none_match=etag)
    with refused(412, "ConditionNotMet"):
        blocks.set_blob_metadata(container, "blob", {"a": "b"}, if_match='"0x1"')
    with refused(409, "BlobAlreadyExists"):
        blocks.create_blob_from_text(container, "blob", "y", if_none_match="*")
    assert not blocks.exists(container, "nothing") and blocks.exists(container, "blob")


def test_a_blob_in_the_archive_is_not_read_until_it_is_back(north, container):
    blocks = north.blocks
    blocks.create_blob_from_text(container, "blob", "x")
    blocks.set_standard_blob_tier(container, "blob", StandardBlobTier.Archive)
    properties = blocks.get_blob_properties(container, "blob").properties
    assert (properties.blob_tier, properties.blob_tier_inferred) == ("Archive", False)
    with refused(409, "BlobArchived"):
        blocks.get_blob_to_text(container, "blob")
    blocks.set_standard_blob_tier(container, "blob", "Hot", rehydrate_priority="High")
    assert blocks.get_blob_properties(container, "blob").properties.rehydration_status == "rehydrate-pending-to-hot"


def test_a_batch_answers_each_request(north, container):
    blocks = north.blocks
    blocks.create_blob_from_text(container, "a", "x")
    wanted = [BatchDeleteSubRequest(container, name) for name in ("a", "missing")]
    assert [part.http_response.status for part in blocks.batch_delete_blobs(wanted)] == [202, 404]
