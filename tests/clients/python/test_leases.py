import uuid

import pytest
from azure.storage.blob import BlobLeaseClient
from azure.storage.blob.aio import BlobLeaseClient as AsyncBlobLeaseClient

from both import Awaited
from said import refused


def lease_on(thing, lease_id=None):
    if isinstance(thing, Awaited):
        return Awaited(BlobLeaseClient(thing._inner, lease_id))
    return AsyncBlobLeaseClient(thing, lease_id)


@pytest.fixture(params=["blob", "container"])
async def leased(request, container):
    """What can be leased, and how to write to it."""
    if request.param == "container":
        yield container, container.get_container_properties, container.delete_container
        return
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x")
    yield blob, blob.get_blob_properties, blob.delete_blob


async def test_a_lease_is_acquired_renewed_changed_and_released(leased):
    thing, properties, delete = leased
    lease = lease_on(thing)
    await lease.acquire(lease_duration=15)
    told = (await properties()).lease
    assert (told.status, told.state, told.duration) == ("locked", "leased", "fixed")
    with refused(409, "LeaseAlreadyPresent"):
        await lease_on(thing, str(uuid.uuid4())).acquire()
    with refused(412, "LeaseIdMissing"):
        await delete()
    await lease.renew()
    successor = str(uuid.uuid4())
    await lease.change(successor)
    assert lease.id == successor
    with refused(409, "LeaseIdMismatchWithLeaseOperation"):
        await lease_on(thing, str(uuid.uuid4())).release()
    await lease.release()
    assert (await properties()).lease.state == "available"


async def test_a_lease_is_broken_at_once_and_in_time(leased):
    thing, properties, _ = leased
    lease = lease_on(thing)
    await lease.acquire()
    assert (await properties()).lease.duration == "infinite"
    assert 15 <= await lease.break_lease(lease_break_period=20) <= 20
    assert (await properties()).lease.state == "breaking"
    assert await lease.break_lease(lease_break_period=0) == 0
    assert (await properties()).lease.state == "broken"
    with refused(409, "LeaseIsBrokenAndCannotBeRenewed"):
        await lease.renew()
    await lease.release()


async def test_a_lease_that_is_not_there_is_neither_renewed_nor_broken(leased):
    thing, _, _ = leased
    lease = lease_on(thing, str(uuid.uuid4()))
    with refused(409, "LeaseIdMismatchWithLeaseOperation"):
        await lease.renew()
    with refused(409, "LeaseNotPresentWithLeaseOperation"):
        await lease.break_lease()


async def test_writes_take_the_lease_with_them(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x")
    lease = await blob.acquire_lease()
    with refused(412, "LeaseIdMissing"):
        await blob.upload_blob(b"y", overwrite=True)
    with refused(412, "LeaseIdMismatchWithBlobOperation"):
        await blob.upload_blob(b"y", overwrite=True, lease=str(uuid.uuid4()))
    await blob.upload_blob(b"y", overwrite=True, lease=lease)
    await blob.set_blob_metadata({"a": "b"}, lease=lease)
    with refused(412, "LeaseIdMissing"):
        await blob.delete_blob()
    await blob.delete_blob(lease=lease)


async def test_a_copy_onto_a_leased_blob_takes_its_lease(container):
    source, target = container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x")
    await target.upload_blob(b"y")
    lease = await target.acquire_lease()
    with refused(412, "LeaseIdMissing"):
        await target.start_copy_from_url(source.url)
    await target.start_copy_from_url(source.url, destination_lease=lease)
    assert (await target.get_blob_properties()).lease.state == "leased"
    await lease.release()


async def test_a_lease_may_be_asked_for_under_conditions(container):
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x", tags={"stage": "raw"})
    with refused(412, "ConditionNotMet"):
        await lease_on(blob).acquire(if_tags_match_condition="\"stage\"='done'")
    lease = lease_on(blob)
    await lease.acquire(if_tags_match_condition="\"stage\"='raw'")
    await lease.release()
