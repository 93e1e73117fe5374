import uuid

from azure.storage.blob import BlobAnalyticsLogging, CorsRule, Metrics, RetentionPolicy, StaticWebsite

from said import names, refused


async def test_the_account_is_told(north):
    told = await north.get_account_information()
    assert told["sku_name"] and told["account_kind"] == "StorageV2"


async def test_service_properties_come_back_as_they_went(south):
    before = await south.get_service_properties()
    await south.set_service_properties(
        analytics_logging=BlobAnalyticsLogging(read=True, retention_policy=RetentionPolicy(enabled=True, days=5)),
        hour_metrics=Metrics(enabled=True, include_apis=True, retention_policy=RetentionPolicy(enabled=True, days=6)),
        cors=[CorsRule(["https://example.org"], ["GET"], max_age_in_seconds=60)],
        static_website=StaticWebsite(enabled=True, index_document="index.html"),
        target_version="2020-10-02",
    )
    told = await south.get_service_properties()
    assert told["analytics_logging"].read and told["analytics_logging"].retention_policy.days == 5
    assert told["hour_metrics"].retention_policy.days == 6
    assert told["cors"][0].allowed_origins == "https://example.org"
    assert told["static_website"].index_document == "index.html" and told["target_version"] == "2020-10-02"
    await south.set_service_properties(
        analytics_logging=before["analytics_logging"], hour_metrics=before["hour_metrics"], cors=[],
        static_website=before["static_website"],
    )


async def test_a_container_is_made_once_and_deleted_for_good(north):
    container = north.get_container_client(f"c{uuid.uuid4().hex}")
    assert not await container.exists()
    await container.create_container(metadata={"k": "v"}, public_access="blob")
    with refused(409, "ContainerAlreadyExists"):
        await container.create_container()
    properties = await container.get_container_properties()
    assert (properties.metadata, properties.public_access) == ({"k": "v"}, "blob")
    await container.set_container_metadata({"k2": "v2"})
    assert (await container.get_container_properties()).metadata == {"k2": "v2"}
    await container.delete_container()
    # Recorded: the service takes it again within the same second. Later it is refused, which the
    # emulator's own tests show in virtual time.
    await container.delete_container()
    with refused(404, "ContainerNotFound"):
        await container.get_container_properties()


async def test_a_soft_deleted_blob_is_undeleted(south, far_container):
    await south.set_service_properties(delete_retention_policy=RetentionPolicy(enabled=True, days=2))
    blob = far_container.get_blob_client("b")
    await blob.upload_blob(b"x")
    await blob.delete_blob()
    assert await names(far_container.list_blobs()) == []
    [deleted] = [item async for item in far_container.list_blobs(include=["deleted"])]
    assert deleted.deleted and deleted.remaining_retention_days in (1, 2)
    await blob.undelete_blob()
    assert await names(far_container.list_blobs()) == ["b"]
    await south.set_service_properties(delete_retention_policy=RetentionPolicy(enabled=False))


async def test_a_batch_deletes_many_blobs(container):
    listed = [f"b{number}" for number in range(12)]
    for name in listed:
        await container.upload_blob(name, b"x")
    answers = [answer.status_code async for answer in await container.delete_blobs(*listed[:10])]
    assert answers == [202] * 10
    assert await names(container.list_blobs()) == ["b10", "b11"]
