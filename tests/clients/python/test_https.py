"""Over HTTPS clients send what they send nowhere else: tokens and keys."""

import datetime
import uuid

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ServiceRequestError
from azure.storage.blob import CustomerProvidedEncryptionKey, generate_blob_sas

from conftest import fresh_container
from own import Account, Issuer, emulator
from said import refused
from test_block_blobs import content_of
from test_copying import settled

MIB = 1 << 20


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture(scope="module")
def there(issuer, tmp_path_factory):
    """An emulator that believes the issuer's tokens and no others, and whom to trust."""
    folder = tmp_path_factory.mktemp("https")
    keys, trust = folder / "keys.json", folder / "trust.pem"
    keys.write_text(issuer.key_set())
    with emulator("--https", "--https-trust", str(trust), "--jwks", str(keys)) as shown:
        yield shown, str(trust)


@pytest.fixture
async def north_account(there, kind):
    return Account(there[0]["accounts"][0], kind, there[1])


@pytest.fixture
async def south_account(there, kind):
    return Account(there[0]["accounts"][1], kind, there[1])


def bearer(kind, token):
    """A credential that always has the same token."""

    class Credential:
        def get_token(self, *scopes, **options):
            return AccessToken(token, int(datetime.datetime.now().timestamp()) + 3600)

    class AsyncCredential(Credential):
        async def get_token(self, *scopes, **options):
            return super().get_token(*scopes, **options)

        async def close(self):
            pass

    return AsyncCredential() if kind == "aio" else Credential()


async def test_an_unknown_certificate_is_not_trusted(there, kind):
    stranger = Account(there[0]["accounts"][0], kind).owner(retry_total=0)
    with pytest.raises(ServiceRequestError):
        await stranger.get_account_information()
    await stranger.close()


async def test_a_key_of_the_client_is_asked_for_again(container):
    key = CustomerProvidedEncryptionKey("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Zmh6rfhivXdsj8GLjp+OIAiXFIVu4jOzkCpZHQ1fKSU=")
    blob = container.get_blob_client("locked")
    await blob.upload_blob(b"hello", cpk=key)
    with refused(409, "BlobUsesCustomerSpecifiedEncryption"):
        await content_of(blob)
    assert await (await blob.download_blob(cpk=key)).readall() == b"hello"
    properties = await blob.get_blob_properties(cpk=key)
    assert properties.encryption_key_sha256 == key.key_hash
    plain = container.get_blob_client("plain")
    await plain.upload_blob(b"x")
    with refused(409, "BlobDoesNotUseCustomerSpecifiedEncryption"):
        await plain.download_blob(cpk=key)
    with refused(409, "BlobUsesCustomerSpecifiedEncryption"):
        await blob.set_blob_metadata({"k": "v"})


async def test_an_encryption_scope_is_told_and_is_the_default_of_its_container(north):
    container = await north.create_container(
        f"c{uuid.uuid4().hex}", container_encryption_scope={"default_encryption_scope": "quay", "prevent_encryption_scope_override": True}
    )
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"x")
    assert (await blob.get_blob_properties()).encryption_scope == "quay"
    with refused(403, "RequestForbiddenByContainerEncryptionPolicy"):
        await container.get_blob_client("other").upload_blob(b"x", encryption_scope="elsewhere")
    await container.delete_container()


async def test_a_token_that_the_issuer_signed_opens_the_account(north_account, container, issuer, kind):
    service = north_account.service(bearer(kind, issuer.token()))
    blob = service.get_blob_client(container.container_name, "b")
    await blob.upload_blob(b"hello")
    assert await content_of(blob) == b"hello"
    await service.close()


@pytest.mark.parametrize(
    "token",
    [
        lambda issuer: Issuer().token(),
        lambda issuer: issuer.token(lifetime=-1),
        lambda issuer: issuer.token(audience="https://vault.azure.net"),
    ],
    ids=["signed by another", "expired", "meant for another service"],
)
async def test_another_token_opens_nothing(north_account, container, issuer, kind, token):
    service = north_account.service(bearer(kind, token(issuer)), retry_total=0)
    with refused(401, "InvalidAuthenticationInfo"):
        await service.get_blob_client(container.container_name, "b").upload_blob(b"x")
    await service.close()


async def test_a_token_opens_the_source_of_a_copy(south_account, container, far_container, issuer):
    source = far_container.get_blob_client("source")
    await source.upload_blob(b"hello")
    target = container.get_blob_client("target")
    opened = f"bearer {issuer.token()}"
    await target.upload_blob_from_url(source.url, source_authorization=opened)
    assert await content_of(target) == b"hello"
    copied = await target.start_copy_from_url(source.url, requires_sync=True, source_authorization=opened)
    assert copied["copy_status"] == "success"
    with refused(401, "CannotVerifyCopySource"):
        await target.upload_blob_from_url(source.url, source_authorization=f"bearer {Issuer().token()}", overwrite=True)
    with refused(400, "InvalidHeaderValue"):
        await target.upload_blob_from_url(source.url, source_authorization="basic eDp5", overwrite=True)


async def test_a_token_makes_a_key_that_signs_for_others(north_account, container, issuer, kind):
    service = north_account.service(bearer(kind, issuer.token()))
    blob = container.get_blob_client("b")
    await blob.upload_blob(b"hello")
    now = datetime.datetime.now(datetime.timezone.utc)
    until = now + datetime.timedelta(hours=1)
    key = await service.get_user_delegation_key(now, until)
    assert (key.signed_oid, key.signed_tid) == ("pilot", "harbour")
    sas = generate_blob_sas(
        north_account.name, container.container_name, "b", user_delegation_key=key, permission="r", expiry=until, protocol="https"
    )
    guest = north_account.service(sas)
    assert await content_of(guest.get_blob_client(container.container_name, "b")) == b"hello"
    await guest.close()
    await service.close()


async def test_a_pending_copy_is_polled(south_account, container, far_container):
    source, target = far_container.get_blob_client("source"), container.get_blob_client("target")
    await source.upload_blob(b"x" * MIB)
    started = await target.start_copy_from_url(south_account.signed_blob(source, "r"))
    assert started["copy_status"] == "pending"
    copy = await settled(target)
    assert (copy.status, copy.progress) == ("success", f"{MIB}/{MIB}")
    assert copy.source.startswith("https://")


async def test_another_emulator_is_read_where_its_certificate_is_trusted(there, container, kind, tmp_path):
    def https(name, *options):
        return emulator("--https", "--https-trust", str(tmp_path / name), *options)

    with https("trusting.pem", "--outside-trust", there[1]) as shown, https("strange.pem") as stranger:
        source = container.get_blob_client("source")
        await source.upload_blob(b"hello")
        for other, trusts in (shown, True), (stranger, False):
            account = Account(other["accounts"][0], kind, other["certificate"])
            service = account.owner(retry_total=0)
            target = (await fresh_container(service)).get_blob_client("target")
            url = Account(there[0]["accounts"][0], kind).signed_blob(source, "r")
            if trusts:
                await target.start_copy_from_url(url)
                assert (await settled(target)).status == "success"
                assert await content_of(target) == b"hello"
            else:
                with refused(400, "CannotVerifyCopySource"):
                    await target.start_copy_from_url(url)
            await service.close()
