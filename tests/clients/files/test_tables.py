"""Tables of Parquet files and Delta tables, by polars, delta-rs and Arrow."""

import concurrent.futures

import deltalake
import polars
import pyarrow
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet
import pytest

ROWS = 1000


@pytest.fixture
def frame():
    return polars.DataFrame({"n": range(ROWS), "group": [f"g{n % 3}" for n in range(ROWS)]})


@pytest.fixture
def arrow(account):
    """The file system of Arrow, which is written in C++ over Azure's C++ SDK."""
    scheme, host = account.url.split("/")[0].rstrip(":"), account.url.split("/")[2]
    return pyarrow.fs.AzureFileSystem(
        account_name=account.name, account_key=account.key,
        blob_storage_authority=host, blob_storage_scheme=scheme,
        dfs_storage_authority=host, dfs_storage_scheme=scheme,
    )


def test_polars_writes_and_scans_files(account, container, frame):
    options = account.options
    frame.write_parquet(f"az://{container}/one.parquet", storage_options=options)
    frame.lazy().sink_parquet(polars.PartitionBy(f"az://{container}/parts", key="group"), storage_options=options)
    assert polars.read_parquet(f"az://{container}/one.parquet", storage_options=options).equals(frame)
    parts = polars.scan_parquet(f"az://{container}/parts/**/*.parquet", storage_options=options)
    counted = parts.group_by("group").len().sort("group").collect()
    assert counted["len"].to_list() == [334, 333, 333]


def test_a_delta_table_has_versions_and_a_past(account, container, frame):
    where, options = f"az://{container}/table", account.options
    for mode in ("error", "append"):
        deltalake.write_deltalake(where, frame, mode=mode, storage_options=options)
    table = deltalake.DeltaTable(where, storage_options=options)
    assert table.delete("n < 10")["num_deleted_rows"] == 20
    more = polars.DataFrame({"n": [10, ROWS], "group": ["new", "new"]})
    table.merge(more, "s.n = t.n", source_alias="s", target_alias="t").when_matched_update_all().when_not_matched_insert_all().execute()
    table.create_checkpoint()
    rows = [polars.read_delta(where, version=version, storage_options=options).height for version in range(4)]
    assert rows == [ROWS, 2 * ROWS, 2 * ROWS - 20, 2 * ROWS - 19]
    table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    assert polars.scan_delta(where, storage_options=options).filter(group="new").collect().height == 3


def test_writers_of_one_delta_table_at_once_lose_nothing(account, container):
    where, options = f"az://{container}/table", account.options
    schema = pyarrow.schema([("n", pyarrow.int64())])
    deltalake.DeltaTable.create(where, schema, storage_options=options)

    def append(n):
        deltalake.write_deltalake(where, pyarrow.table({"n": [n]}, schema), mode="append", storage_options=options)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(16)))
    table = deltalake.DeltaTable(where, storage_options=options)
    assert table.version() == 16
    assert polars.read_delta(where, storage_options=options)["n"].sort().to_list() == list(range(16))


def test_arrow_keeps_a_partitioned_dataset(arrow, container, frame):
    table = frame.to_arrow()
    pyarrow.dataset.write_dataset(
        table, f"{container}/data", format="parquet", filesystem=arrow,
        partitioning=["group"], partitioning_flavor="hive",
    )
    data = pyarrow.dataset.dataset(f"{container}/data", filesystem=arrow, partitioning="hive")
    assert data.to_table(filter=pyarrow.dataset.field("group") == "g1").num_rows == 333
    found = arrow.get_file_info(pyarrow.fs.FileSelector(f"{container}/data", recursive=True))
    kinds = [info.type for info in found]
    assert (kinds.count(pyarrow.fs.FileType.Directory), kinds.count(pyarrow.fs.FileType.File)) == (3, 3)
    arrow.delete_dir(f"{container}/data/group=g0")
    assert pyarrow.dataset.dataset(f"{container}/data", filesystem=arrow).count_rows() == 666


def test_arrow_streams_copies_and_deletes(arrow, container, frame):
    pyarrow.parquet.write_table(frame.to_arrow(), f"{container}/a/one.parquet", filesystem=arrow)
    arrow.copy_file(f"{container}/a/one.parquet", f"{container}/b/two.parquet")
    with arrow.open_input_file(f"{container}/b/two.parquet") as file:
        assert pyarrow.parquet.read_table(file).num_rows == ROWS
    with arrow.open_output_stream(f"{container}/long.bin", metadata={"Content-Type": "text/plain"}) as stream:
        for _ in range(3):
            stream.write(b"x" * (6 << 20))
    assert arrow.get_file_info(f"{container}/long.bin").size == 18 << 20
    arrow.delete_dir_contents(container)
    assert arrow.get_file_info(pyarrow.fs.FileSelector(container)) == []
