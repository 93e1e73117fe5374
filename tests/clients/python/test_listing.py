from said import names

FILES = ["a/1", "a/2", "a/b/3", "b c/4", "é & <x>/5", "top"]


async def filled(container):
    for name in FILES:
        await container.upload_blob(name, name.encode(), metadata={"of": str(len(name))})


async def test_a_flat_listing_is_in_order_and_complete(container):
    await filled(container)
    assert await names(container.list_blobs()) == sorted(FILES)
    assert await names(container.list_blobs(name_starts_with="a/")) == ["a/1", "a/2", "a/b/3"]
    assert [name async for name in container.list_blob_names()] == sorted(FILES)


async def test_pages_follow_each_other_by_their_markers(container):
    await filled(container)
    pages = container.list_blobs(results_per_page=4).by_page()
    seen = [await names(page) async for page in pages]
    assert [len(page) for page in seen] == [4, 2] and sum(seen, []) == sorted(FILES)

    pages = container.list_blobs(results_per_page=4).by_page()
    async for _ in pages:
        break
    rest = container.list_blobs(results_per_page=4).by_page(continuation_token=pages.continuation_token)
    assert [await names(page) async for page in rest] == [sorted(FILES)[4:]]


async def test_a_listing_tells_what_was_asked_for(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x", metadata={"k": "v"}, tags={"t": "1"})
    await blob.create_snapshot()
    await container.get_blob_client("uncommitted").stage_block("AAAA", b"x")

    plain = [item async for item in container.list_blobs()]
    assert [(item.name, item.metadata or {}, item.tags) for item in plain] == [("b", {}, None)]
    full = [item async for item in container.list_blobs(include=["metadata", "tags", "snapshots", "uncommittedblobs", "copy"])]
    assert [(item.name, bool(item.snapshot)) for item in full] == [("b", True), ("b", False), ("uncommitted", False)]
    assert full[1].metadata == {"k": "v"} and full[1].tags == {"t": "1"}


async def test_a_walk_sees_folders(container):
    await filled(container)
    top = [(item.name, hasattr(item, "prefix")) async for item in container.walk_blobs()]
    # The client puts the folders of a page before its blobs.
    assert top == [("a/", True), ("b c/", True), ("é & <x>/", True), ("top", False)]
    assert await names(container.walk_blobs(name_starts_with="a/")) == ["a/b/", "a/1", "a/2"]


async def test_names_of_every_kind_come_back_as_they_went(container):
    odd = ["a%2Fb", "plus+sign", "query?x=1&y=2", "hash#1", "dot.dot", "tilde~", "quote'\"", "日本語", "slash//twice", "a b "]
    for name in odd:
        await container.upload_blob(name, name.encode())
    assert sorted(await names(container.list_blobs())) == sorted(odd)
    for name in odd:
        assert await (await container.download_blob(name)).readall() == name.encode()


async def test_a_dot_at_the_end_of_a_name_is_dropped_as_the_service_drops_it(container):
    await container.upload_blob("dot.", b"x")
    assert await names(container.list_blobs()) == ["dot"]
    for name in ["dot.", "dot"]:
        assert await (await container.download_blob(name)).readall() == b"x"


async def test_containers_are_listed_by_prefix_and_page(north, container):
    for number in range(3):
        await north.create_container(f"{container.container_name[:20]}-{number}", metadata={"n": str(number)})
    listed = [item async for item in north.list_containers(container.container_name[:20] + "-", include_metadata=True)]
    assert [item.metadata for item in listed] == [{"n": "0"}, {"n": "1"}, {"n": "2"}]
    pages = north.list_containers(container.container_name[:20], results_per_page=2).by_page()
    assert [len(await names(page)) async for page in pages] == [2, 2]
    for item in listed:
        await north.delete_container(item.name)
