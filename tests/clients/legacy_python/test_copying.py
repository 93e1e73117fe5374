import os
import time

from azure.storage.blob import Include

from said import refused

MIB = 1 << 20


def settled(account, container, blob):
    """The copy properties when the copy is no longer pending."""
    for _ in range(600):
        copy = account.blocks.get_blob_properties(container, blob).properties.copy
        if copy.status != "pending":
            return copy
        time.sleep(0.05)
    raise AssertionError("the copy is pending for half a minute")


def test_a_copy_inside_an_account_is_done_at_once(north, container):
    north.blocks.create_blob_from_text(container, "source", "hello", metadata={"k": "v"})
    copy = north.blocks.copy_blob(container, "a copy", north.blocks.make_blob_url(container, "source"))
    assert copy.status == "success"
    read = north.blocks.get_blob_to_text(container, "a copy")
    assert (read.content, read.metadata, read.properties.copy.progress) == ("hello", {"k": "v"}, "5/5")


def test_a_copy_between_accounts_is_pending_and_then_succeeds(north, south, container, far_container):
    content = os.urandom(MIB)
    south.blocks.create_blob_from_bytes(far_container, "source", content)
    started = north.blocks.copy_blob(container, "target", south.signed(far_container, "source", "r"))
    assert started.status == "pending"
    with refused(409, "PendingCopyOperation"):
        north.blocks.create_blob_from_text(container, "target", "over it")
    copy = settled(north, container, "target")
    assert (copy.id, copy.status, copy.progress) == (started.id, "success", f"{MIB}/{MIB}")
    assert north.blocks.get_blob_to_bytes(container, "target").content == content


def test_a_pending_copy_is_aborted_once(north, south, container, far_container):
    south.blocks.create_blob_from_bytes(far_container, "source", b"x" * MIB)
    started = north.blocks.copy_blob(container, "target", south.signed(far_container, "source", "r"))
    north.blocks.abort_copy_blob(container, "target", started.id)
    properties = north.blocks.get_blob_properties(container, "target").properties
    assert (properties.copy.status, properties.content_length) == ("aborted", 0)
    with refused(409, "NoPendingCopyOperation"):
        north.blocks.abort_copy_blob(container, "target", started.id)


def test_a_copy_that_needs_the_answer_now_is_synchronous(north, south, container, far_container):
    south.blocks.create_blob_from_text(far_container, "source", "hello")
    copy = north.blocks.copy_blob(container, "target", south.signed(far_container, "source", "r"), requires_sync=True)
    assert copy.status == "success"
    assert north.blocks.get_blob_to_text(container, "target").content == "hello"


def test_a_source_that_may_not_be_read_is_refused(north, south, container, far_container):
    south.blocks.create_blob_from_text(far_container, "source", "hello")
    with refused(404, "CannotVerifyCopySource"):
        north.blocks.copy_blob(container, "target", south.blocks.make_blob_url(far_container, "source"))


def test_snapshots_of_a_disk_are_copied_incrementally(north, container):
    pages = north.pages
    pages.create_blob(container, "disk", 1024)
    for content in (b"a", b"b"):
        pages.update_page(container, "disk", content * 512, 0, 511)
        snapshot = pages.snapshot_blob(container, "disk").snapshot
        source = north.signed(container, "disk", "r") + f"&snapshot={snapshot}"
        pages.incremental_copy_blob(container, "kept", source)
        assert settled(north, container, "kept").status == "success"
    with refused(409, "OperationNotAllowedOnIncrementalCopyBlob"):
        pages.update_page(container, "kept", b"c" * 512, 0, 511)
    taken = [blob.snapshot for blob in pages.list_blobs(container, prefix="kept", include=Include.SNAPSHOTS) if blob.snapshot]
    contents = [pages.get_blob_to_bytes(container, "kept", snapshot=snapshot).content[:1] for snapshot in taken]
    assert contents == [b"a", b"b"]
