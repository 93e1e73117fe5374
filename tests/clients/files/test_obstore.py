"""obstore: the Rust crate object_store behind Python, as delta-rs and others use it."""

import datetime
import os
import urllib.request

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, PreconditionError
from obstore.store import AzureStore

MIB = 1 << 20


@pytest.fixture
def store(account, container):
    return AzureStore(
        container, account_name=account.name, account_key=account.key, endpoint=account.url, client_options={"allow_http": True}
    )


def test_an_object_is_made_once_and_updated_as_it_was_seen(store):
    made = {"e_tag": obstore.put(store, "a", b"one", mode="create")["e_tag"]}
    with pytest.raises(AlreadyExistsError):
        obstore.put(store, "a", b"two", mode="create")
    obstore.put(store, "a", b"two", mode=made)
    with pytest.raises(PreconditionError):
        obstore.put(store, "a", b"three", mode=made)
    assert bytes(obstore.get(store, "a").bytes()) == b"two"


def test_a_long_object_goes_up_in_parts_and_comes_down_in_ranges(store):
    content = os.urandom(11 * MIB)
    obstore.put(store, "long", content, use_multipart=True, chunk_size=5 * MIB)
    assert bytes(obstore.get_range(store, "long", start=5 * MIB - 1, length=3)) == content[5 * MIB - 1 : 5 * MIB + 2]
    assert bytes(obstore.get(store, "long").bytes()) == content


def test_objects_are_copied_moved_and_deleted_together(store):
    obstore.put(store, "o/a", b"content", attributes={"Content-Type": "text/plain"})
    obstore.copy(store, "o/a", "o/b")
    obstore.rename(store, "o/b", "o/c")
    with pytest.raises(AlreadyExistsError):
        obstore.copy(store, "o/a", "o/c", overwrite=False)
    listed = obstore.list_with_delimiter(store, "o")
    assert [item["path"] for item in listed["objects"]] == ["o/a", "o/c"]
    obstore.delete(store, ["o/a", "o/c"])
    with pytest.raises(FileNotFoundError):
        obstore.head(store, "o/a")


def test_a_signed_url_reads_one_object(store):
    obstore.put(store, "a", b"content")
    with urllib.request.urlopen(obstore.sign(store, "GET", "a", datetime.timedelta(minutes=5))) as answer:
        assert answer.read() == b"content"
