import datetime

from azure.storage.blob import BlobPermissions, BlockBlobService, ContainerPermissions, PublicAccess
from azure.storage.common.models import AccessPolicy, AccountPermissions, CorsRule, ResourceTypes, RetentionPolicy

from said import refused


def in_an_hour():
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)


def test_a_lease_is_had_renewed_changed_broken_and_left(north, container):
    blocks, other = north.blocks, "00000000-0000-0000-0000-000000000001"
    blocks.create_blob_from_text(container, "blob", "x")
    lease = blocks.acquire_blob_lease(container, "blob", 15)
    with refused(409, "LeaseAlreadyPresent"):
        blocks.acquire_blob_lease(container, "blob", 15)
    with refused(412, "LeaseIdMissing"):
        blocks.create_blob_from_text(container, "blob", "y")
    assert blocks.renew_blob_lease(container, "blob", lease) == lease
    blocks.change_blob_lease(container, "blob", lease, other)
    blocks.create_blob_from_text(container, "blob", "y", lease_id=other)
    blocks.release_blob_lease(container, "blob", other)
    assert blocks.acquire_blob_lease(container, "blob", proposed_lease_id=other) == other
    assert blocks.break_blob_lease(container, "blob", 0) == 0
    assert blocks.get_blob_properties(container, "blob").properties.lease.state == "broken"


def test_a_leased_container_is_not_deleted(north, container):
    lease = north.blocks.acquire_container_lease(container)
    with refused(412, "LeaseIdMissing"):
        north.blocks.delete_container(container)
    north.blocks.release_container_lease(container, lease)


def test_each_kind_of_sas_opens_what_it_says(north, container):
    blocks = north.blocks
    blocks.create_blob_from_text(container, "blob", "x")
    of_account = blocks.generate_account_shared_access_signature(ResourceTypes.OBJECT, AccountPermissions.READ, in_an_hour())
    of_container = blocks.generate_container_shared_access_signature(container, ContainerPermissions.LIST, in_an_hour())
    of_blob = blocks.generate_blob_shared_access_signature(
        container, "blob", permission=BlobPermissions.READ, expiry=in_an_hour(), content_disposition="attachment")
    assert north.guest(of_account).get_blob_to_text(container, "blob").content == "x"
    with refused(403, "AuthorizationPermissionMismatch"):
        north.guest(of_account).create_blob_from_text(container, "blob", "y")
    assert [blob.name for blob in north.guest(of_container).list_blobs(container)] == ["blob"]
    with refused(403, "AuthorizationPermissionMismatch"):
        north.guest(of_container).get_blob_to_text(container, "blob")
    read = north.guest(of_blob).get_blob_to_text(container, "blob")
    assert read.properties.content_settings.content_disposition == "attachment"
    with refused(403, "AuthenticationFailed"):
        north.guest(of_blob).get_blob_to_text(container, "another")


def test_a_stored_policy_and_public_access_are_taken_back(north, container):
    blocks = north.blocks
    blocks.create_blob_from_text(container, "blob", "x")
    policy = AccessPolicy(ContainerPermissions.READ, in_an_hour())
    blocks.set_container_acl(container, {"who": policy}, public_access=PublicAccess.Container)
    assert blocks.get_container_acl(container).public_access == "container"
    anybody = BlockBlobService(account_name=north.name, custom_domain=north.url.split("://")[1], protocol="http", sas_token="")
    assert [blob.name for blob in anybody.list_blobs(container)] == ["blob"]
    guest = north.guest(blocks.generate_container_shared_access_signature(container, id="who"))
    assert guest.get_blob_to_text(container, "blob").content == "x"
    blocks.set_container_acl(container)
    with refused(403, "AuthenticationFailed"):
        guest.get_blob_to_text(container, "blob")
    with refused(404, "ResourceNotFound"):
        list(anybody.list_blobs(container))


def test_settings_of_the_service_are_told_as_they_were_set(south):
    blocks = south.blocks
    rule = CorsRule(["https://example.org"], ["GET", "PUT"], max_age_in_seconds=5, exposed_headers=["*"], allowed_headers=["x-ms-meta-*"])
    blocks.set_blob_service_properties(cors=[rule], delete_retention_policy=RetentionPolicy(True, 3))
    told = blocks.get_blob_service_properties()
    assert (told.cors[0].allowed_origins, told.cors[0].allowed_methods) == (["https://example.org"], ["GET", "PUT"])
    assert told.delete_retention_policy.days == 3
    blocks.create_container("kept")
    blocks.create_blob_from_text("kept", "blob", "x")
    blocks.delete_blob("kept", "blob")
    with refused(404, "BlobNotFound"):
        blocks.get_blob_to_text("kept", "blob")
    blocks.undelete_blob("kept", "blob")
    assert blocks.get_blob_to_text("kept", "blob").content == "x"
    blocks.set_blob_service_properties(cors=[], delete_retention_policy=RetentionPolicy(False))
    blocks.delete_container("kept")
    assert blocks.get_blob_account_information().account_kind == "StorageV2"
