"""adlfs, by which fsspec, pandas, Dask and DVC reach blobs, and universal_pathlib on top of it."""

import os
import urllib.request

import adlfs
import pytest
from upath import UPath

MIB = 1 << 20


@pytest.fixture
def files(account):
    # A file system is remembered by its arguments, with what it listed.
    adlfs.AzureBlobFileSystem.clear_instance_cache()
    return adlfs.AzureBlobFileSystem(account_name=account.name, connection_string=account.connection_string)


def test_files_are_written_in_blocks_and_read_anywhere(files, container):
    content = os.urandom(3 * MIB + 5)
    with files.open(f"{container}/deep/ü & 100 %+.bin", "wb", block_size=MIB) as file:
        file.write(content)
    with files.open(f"{container}/deep/ü & 100 %+.bin", "rb", block_size=MIB) as file:
        file.seek(2 * MIB)
        assert file.read(10) == content[2 * MIB : 2 * MIB + 10]
    assert files.cat_file(f"{container}/deep/ü & 100 %+.bin", start=1, end=MIB) == content[1:MIB]
    assert files.info(f"{container}/deep/ü & 100 %+.bin")["size"] == len(content)


def test_folders_are_what_names_have_in_common(files, container):
    for name in ("a/1", "a/b/2", "a/b/c/3", "ab"):
        files.pipe_file(f"{container}/{name}", name.encode(), overwrite=True)
    assert files.ls(f"{container}/a") == [f"{container}/a/1", f"{container}/a/b"]
    assert files.find(f"{container}/a/b") == [f"{container}/a/b/2", f"{container}/a/b/c/3"]
    assert files.glob(f"{container}/**/3") == [f"{container}/a/b/c/3"]
    assert files.isdir(f"{container}/a/b") and files.isfile(f"{container}/ab")
    assert files.du(f"{container}/a") == len("a/1a/b/2a/b/c/3")
    files.rm(f"{container}/a", recursive=True)
    assert files.ls(container) == [f"{container}/ab"]


def test_files_are_copied_and_moved_by_the_service(files, container):
    files.pipe_file(f"{container}/one", b"content", overwrite=True)
    files.cp_file(f"{container}/one", f"{container}/two")
    files.mv(f"{container}/two", f"{container}/three")
    assert files.ls(container, refresh=True) == [f"{container}/one", f"{container}/three"]
    assert files.cat(f"{container}/three") == b"content"


def test_what_is_there_is_not_made_again(files, container):
    files.pipe_file(f"{container}/one", b"first", overwrite=True)
    with pytest.raises(FileExistsError):
        files.pipe_file(f"{container}/one", b"second", mode="create")
    with pytest.raises(FileNotFoundError):
        files.cat_file(f"{container}/nothing")
    with pytest.raises(FileExistsError):
        files.mkdir(container, exist_ok=False)
    assert files.cat(f"{container}/one") == b"first"


def test_a_url_is_a_guests_way_in(files, container):
    files.pipe_file(f"{container}/one", b"content", overwrite=True)
    with urllib.request.urlopen(files.sign(f"{container}/one", expiration=100)) as answer:
        assert answer.read() == b"content"


def test_paths_are_walked_and_renamed(account, container):
    root = UPath(f"az://{container}", account_name=account.name, connection_string=account.connection_string)
    (root / "a" / "b.txt").write_text("grüße")
    (root / "c.txt").write_bytes(b"c")
    assert sorted(path.name for path in root.iterdir()) == ["a", "c.txt"]
    assert [path.name for path in root.rglob("*.txt") if path.parent.name == "a"] == ["b.txt"]
    moved = (root / "a" / "b.txt").rename(root / "d.txt")
    assert moved.read_text() == "grüße" and not (root / "a" / "b.txt").exists()
    (root / "c.txt").unlink()
    assert sorted(path.name for path in root.iterdir()) == ["d.txt"]
