"""Storage layers of applications: Apache OpenDAL, Apache Libcloud and django-storages."""

import os
import urllib.request

import django
import opendal
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from libcloud.storage.providers import get_driver
from libcloud.storage.types import ObjectDoesNotExistError, Provider
from storages.backends.azure_storage import AzureStorage

MIB = 1 << 20


def read(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


class TestOpenDal:
    @pytest.fixture
    def operator(self, account, container):
        return opendal.Operator(
            "azblob",
            container=container,
            root="/root/",
            endpoint=account.url,
            account_name=account.name,
            account_key=account.key,
        )

    def test_what_is_written_is_read_whole_and_in_part(self, operator):
        big = os.urandom(9 * MIB)
        operator.check()
        operator.write("small", b"text", content_type="text/plain")
        operator.write("deep/big", big, chunk=2 * MIB)
        assert operator.read("small") == b"text"
        assert (operator.stat("small").content_type, operator.stat("deep/big").content_length) == ("text/plain", len(big))
        with operator.open("deep/big", "rb") as file:
            file.seek(5 * MIB)
            assert file.read(100) == big[5 * MIB : 5 * MIB + 100]

    def test_what_is_there_is_not_written_where_it_must_not_be(self, operator):
        operator.write("once", b"1", if_not_exists=True)
        with pytest.raises(opendal.exceptions.ConditionNotMatch):
            operator.write("once", b"2", if_not_exists=True)
        assert operator.read("once") == b"1"

    def test_appends_go_on(self, operator):
        for part in b"one ", b"two":
            operator.write("log", part, append=True)
        assert operator.read("log") == b"one two"

    def test_copies_lists_and_removals(self, operator):
        operator.write("a/one", b"1")
        operator.copy("a/one", "a/two")
        operator.create_dir("b/")
        assert operator.read("a/two") == b"1"
        assert sorted(entry.path for entry in operator.list("")) == ["a/", "b/"]
        operator.remove_all("/")
        assert not list(operator.list(""))


class TestLibcloud:
    @pytest.fixture
    def place(self, account, container):
        host, port = account.url.split("/")[2].split(":")
        driver = get_driver(Provider.AZURE_BLOBS)(account.name, account.key, host=host, port=int(port), secure=False)
        return driver.get_container(container)

    def test_files_and_streams_go_up_and_come_back(self, place, tmp_path):
        sent, back = tmp_path / "sent", tmp_path / "back"
        sent.write_bytes(os.urandom(9 * MIB))
        blob = place.upload_object(str(sent), "file", extra={"meta_data": {"color": "blue"}})
        streamed = place.upload_object_via_stream(iter([b"ab", b"cd"]), "dir/stream")
        assert (blob.size, place.get_object("file").meta_data) == (9 * MIB, {"color": "blue"})
        assert blob.download(str(back)) and back.read_bytes() == sent.read_bytes()
        assert b"".join(streamed.as_stream()) == b"abcd"
        assert b"".join(blob.range_as_stream(100, 200)) == sent.read_bytes()[100:200]

    def test_lists_signed_urls_and_deletes(self, place):
        blob = place.upload_object_via_stream(iter([b"x"]), "dir/x")
        place.upload_object_via_stream(iter([b"y"]), "y")
        assert [item.name for item in place.list_objects()] == ["dir/x", "y"]
        assert [item.name for item in place.list_objects(prefix="dir")] == ["dir/x"]
        assert read(blob.get_cdn_url()) == b"x"
        assert blob.delete()
        with pytest.raises(ObjectDoesNotExistError):
            place.get_object("dir/x")


class TestDjango:
    @pytest.fixture
    def storage(self, account, container):
        if not settings.configured:
            settings.configure(USE_TZ=True)
            django.setup()
        return AzureStorage(
            connection_string=account.connection_string,
            azure_container=container,
            expiration_secs=60,
            overwrite_files=False,
        )

    def test_a_name_that_is_taken_is_not_overwritten(self, storage):
        names = [storage.save("a/b.txt", ContentFile(text)) for text in (b"one", b"two")]
        assert names[0] == "a/b.txt" != names[1]
        assert [storage.open(name).read() for name in names] == [b"one", b"two"]
        assert read(storage.url(names[0])) == b"one"
        assert sorted(storage.listdir("a")[1]) == sorted(names)

    def test_files_are_written_and_deleted(self, storage):
        big = os.urandom(5 * MIB)
        with storage.open("big", "wb") as file:
            file.write(big)
        assert storage.open("big").read() == big
        assert storage.size("big") == len(big) and storage.get_modified_time("big")
        storage.delete("big")
        assert not storage.exists("big")
