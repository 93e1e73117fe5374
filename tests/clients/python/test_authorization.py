import base64
import datetime
import json
import uuid

import pytest
from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential
from azure.storage.blob import (
    AccessPolicy,
    ContainerSasPermissions,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)

from said import names, refused
from test_block_blobs import content_of

NOW = datetime.datetime.now(datetime.timezone.utc)
LATER = NOW + datetime.timedelta(hours=1)
EARLIER = NOW - datetime.timedelta(hours=1)


@pytest.fixture
async def blob(container):
    made = container.get_blob_client("folder/b")
    await made.upload_blob(b"secret")
    return made


def signed(account, blob, **terms):
    return generate_blob_sas(
        account.name, blob.container_name, blob.blob_name, **{"account_key": account.key, "expiry": LATER, **terms}
    )


def bearer():
    """A token as Entra ID gives it, signed by nobody."""

    def part(claims):
        return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()

    claims = {
        "aud": "https://storage.azure.com", "iss": "https://sts.windows.net/tenant/", "tid": str(uuid.UUID(int=1)),
        "oid": str(uuid.UUID(int=2)), "nbf": int(EARLIER.timestamp()), "exp": int(LATER.timestamp()),
    }
    return ".".join([part({"alg": "RS256", "typ": "JWT"}), part(claims), "c2ln"])


async def test_a_wrong_key_is_refused(north_account, blob):
    stranger = north_account.service(AzureNamedKeyCredential(north_account.name, "d3Jvbmc="))
    with refused(403, "AuthenticationFailed"):
        await content_of(stranger.get_blob_client(blob.container_name, blob.blob_name))
    await stranger.close()


async def test_nobody_reads_a_private_container(north_account, blob):
    nobody = north_account.service()
    with refused(401, "NoAuthenticationInformation"):
        await content_of(nobody.get_blob_client(blob.container_name, blob.blob_name))
    await nobody.close()


async def test_a_blob_sas_allows_what_it_says(north_account, blob):
    guest = north_account.service(AzureSasCredential(signed(north_account, blob, permission="r")))
    there = guest.get_blob_client(blob.container_name, blob.blob_name)
    assert await content_of(there) == b"secret"
    with refused(403, "AuthorizationPermissionMismatch"):
        await there.upload_blob(b"x", overwrite=True)
    with refused(403, "AuthenticationFailed"):
        await content_of(guest.get_blob_client(blob.container_name, "other"))
    await guest.close()


@pytest.mark.parametrize(
    "terms, code",
    [
        ({"expiry": EARLIER}, "AuthenticationFailed"),
        ({"start": LATER, "expiry": LATER + datetime.timedelta(hours=1)}, "AuthenticationFailed"),
        ({"ip": "203.0.113.9"}, "AuthorizationSourceIPMismatch"),
        ({"protocol": "https"}, "AuthorizationProtocolMismatch"),
        ({"account_key": "d3Jvbmc="}, "AuthenticationFailed"),
    ],
)
async def test_a_sas_out_of_its_terms_is_refused(north_account, blob, terms, code):
    guest = north_account.blob_at(f"{blob.url}?{signed(north_account, blob, permission='r', **terms)}")
    with refused(403, code):
        await content_of(guest)
    await guest.close()


async def test_a_sas_says_the_headers_of_the_answer(north_account, blob):
    sas = signed(north_account, blob, permission="r", content_type="text/x-said", content_disposition="attachment")
    guest = north_account.blob_at(f"{blob.url}?{sas}")
    settings = (await guest.get_blob_properties()).content_settings
    assert (settings.content_type, settings.content_disposition) == ("text/x-said", "attachment")
    await guest.close()


async def test_a_container_sas_lists_and_writes(north_account, container, blob):
    sas = generate_container_sas(
        north_account.name, container.container_name, account_key=north_account.key,
        permission=ContainerSasPermissions(read=True, list=True, create=True), expiry=LATER,
    )
    guest = north_account.service(sas).get_container_client(container.container_name)
    assert await names(guest.list_blobs()) == ["folder/b"]
    await guest.upload_blob("new", b"x")
    with refused(403, "AuthorizationPermissionMismatch"):
        await guest.delete_blob("new")
    await guest.close()


async def test_a_snapshot_sas_reads_the_snapshot_alone(north_account, blob):
    snapshot = (await blob.create_snapshot())["snapshot"]
    sas = signed(north_account, blob, permission="r", snapshot=snapshot)
    guest = north_account.blob_at(f"{blob.url}?snapshot={snapshot}&{sas}")
    assert await content_of(guest) == b"secret"
    whole = north_account.blob_at(f"{blob.url}?{sas}")
    with refused(403, "AuthenticationFailed"):
        await content_of(whole)
    await blob.delete_blob(delete_snapshots="only")
    await guest.close()
    await whole.close()


async def test_a_stored_policy_gives_and_takes(north_account, container, blob):
    policy = AccessPolicy(permission="r", start=EARLIER, expiry=LATER)
    await container.set_container_access_policy({"reading": policy})
    told = await container.get_container_access_policy()
    assert [(one.id, one.access_policy.permission) for one in told["signed_identifiers"]] == [("reading", "r")]
    sas = generate_blob_sas(
        north_account.name, blob.container_name, blob.blob_name, account_key=north_account.key, policy_id="reading"
    )
    guest = north_account.blob_at(f"{blob.url}?{sas}")
    assert await content_of(guest) == b"secret"
    await container.set_container_access_policy({})
    with refused(403, "AuthenticationFailed"):
        await content_of(guest)
    await guest.close()


async def test_a_public_container_is_read_by_everyone(north_account, container, blob):
    nobody = north_account.service()
    there = nobody.get_container_client(container.container_name)
    await container.set_container_access_policy({}, public_access="blob")
    assert await content_of(there.get_blob_client("folder/b")) == b"secret"
    with refused(401, "NoAuthenticationInformation"):
        await names(there.list_blobs())
    await container.set_container_access_policy({}, public_access="container")
    assert await names(there.list_blobs()) == ["folder/b"]
    await nobody.close()


async def test_an_account_sas_is_for_services_and_kinds_of_things(north_account, container, blob):
    def guest(kinds, permission):
        return north_account.service(generate_account_sas(north_account.name, north_account.key, kinds, permission, LATER))

    everything = guest("sco", "rl")
    assert container.container_name in await names(everything.list_containers())
    assert await content_of(everything.get_blob_client(blob.container_name, blob.blob_name)) == b"secret"
    objects = guest("o", "rl")
    with refused(403, "AuthorizationResourceTypeMismatch"):
        await names(objects.get_container_client(container.container_name).list_blobs())
    with refused(403, "AuthorizationPermissionMismatch"):
        await objects.get_blob_client(blob.container_name, blob.blob_name).delete_blob()
    await everything.close()
    await objects.close()


async def test_a_bearer_signs_for_others(north_account, blob):
    # The client itself puts tokens on the wire over HTTPS only.
    def carry(request):
        request.http_request.headers["Authorization"] = f"Bearer {bearer()}"

    service = north_account.service()
    key = await service.get_user_delegation_key(EARLIER, LATER, raw_request_hook=carry)
    assert key.signed_oid == str(uuid.UUID(int=2)) and key.value
    sas = generate_blob_sas(
        north_account.name, blob.container_name, blob.blob_name, user_delegation_key=key, permission="r", expiry=LATER
    )
    guest = north_account.blob_at(f"{blob.url}?{sas}")
    assert await content_of(guest) == b"secret"
    with refused(403, "AuthorizationPermissionMismatch"):
        await guest.delete_blob()
    await service.close()
    await guest.close()
