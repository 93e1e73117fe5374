"""cloudpathlib and smart_open: blobs as paths and as streams."""

import os

import cloudpathlib
import pytest
import smart_open

MIB = 1 << 20


@pytest.fixture
def root(account, container, tmp_path):
    client = cloudpathlib.AzureBlobClient(connection_string=account.connection_string, local_cache_dir=tmp_path)
    return client.CloudPath(f"az://{container}")


def test_a_path_is_written_found_and_deleted(root):
    (root / "a" / "b.txt").write_text("one")
    (root / "a" / "c" / "d.txt").write_text("two")
    assert sorted(path.name for path in (root / "a").iterdir()) == ["b.txt", "c"]
    assert [path.name for path in root.rglob("d.*")] == ["d.txt"]
    assert (root / "a").is_dir() and (root / "a" / "b.txt").is_file()
    stat = (root / "a" / "b.txt").stat()
    assert stat.st_size == 3 and stat.st_mtime > 0
    (root / "a").rmtree()
    assert not (root / "a" / "b.txt").exists() and list(root.iterdir()) == []


def test_a_path_is_copied_and_renamed_by_the_service(root):
    (root / "one").write_bytes(b"content")
    (root / "one").copy(root / "two")
    (root / "two").rename(root / "three")
    assert sorted(path.name for path in root.iterdir()) == ["one", "three"]
    assert (root / "three").read_bytes() == b"content"


def test_a_tree_goes_up_and_comes_down(root, tmp_path):
    here = tmp_path / "here"
    for name in ("a.txt", "deep/er/b.bin"):
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(1000))
    (root / "tree").upload_from(here)
    (root / "tree").download_to(tmp_path / "there")
    for name in ("a.txt", "deep/er/b.bin"):
        assert (tmp_path / "there" / name).read_bytes() == (here / name).read_bytes()


def test_a_stream_is_written_in_blocks_and_read_from_the_middle(account, container):
    where, how = f"azure://{container}/stream.bin", {"client": account.service}
    content = os.urandom(2 * MIB + 3)
    with smart_open.open(where, "wb", transport_params={**how, "min_part_size": MIB}) as stream:
        for start in range(0, len(content), 100_000):
            stream.write(content[start : start + 100_000])
    with smart_open.open(where, "rb", transport_params={**how, "buffer_size": 64 << 10}) as stream:
        stream.seek(MIB)
        assert stream.read(MIB) == content[MIB : 2 * MIB]
    with smart_open.open(f"azure://{container}/text.txt.gz", "w", transport_params=how) as stream:
        stream.write("line\n" * 1000)
    with smart_open.open(f"azure://{container}/text.txt.gz", transport_params=how) as stream:
        assert sum(1 for _ in stream) == 1000
