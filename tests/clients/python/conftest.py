"""Two accounts of a running emulator, met by either client of azure-storage-blob."""

import datetime
import json
import os
import uuid

import azure.storage.blob as sync
import azure.storage.blob.aio as aio
import pytest

from both import Awaited

EMULATOR = json.loads(os.environ["BLOBFERRY_EMULATOR"])


class Account:
    """An account and how to meet it: `client(credential=...)` is a service client of either kind."""

    def __init__(self, shown, kind):
        self.name = shown["name"]
        self.url = shown["url"]
        self.key = dict(part.split("=", 1) for part in shown["connection_string"].rstrip(";").split(";"))["AccountKey"]
        self.kind = kind

    def service(self, credential=None, **options):
        if self.kind == "aio":
            return aio.BlobServiceClient(self.url, credential, **options)
        return Awaited(sync.BlobServiceClient(self.url, credential, **options))

    def blob_at(self, url):
        if self.kind == "aio":
            return aio.BlobClient.from_blob_url(url)
        return Awaited(sync.BlobClient.from_blob_url(url))

    def signed_blob(self, blob, permission):
        """The blob's URL with a SAS of this account."""
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        sas = sync.generate_blob_sas(
            self.name, blob.container_name, blob.blob_name, account_key=self.key, permission=permission, expiry=later
        )
        return f"{blob.url}?{sas}"

    def owner(self, **options):
        return self.service({"account_name": self.name, "account_key": self.key}, **options)


@pytest.fixture(params=["sync", "aio"])
def kind(request):
    return request.param


@pytest.fixture
def north_account(kind):
    return Account(EMULATOR["accounts"][0], kind)


@pytest.fixture
def south_account(kind):
    return Account(EMULATOR["accounts"][1], kind)


@pytest.fixture
async def north(north_account):
    client = north_account.owner()
    yield client
    await client.close()


@pytest.fixture
async def south(south_account):
    client = south_account.owner()
    yield client
    await client.close()


async def fresh_container(service):
    name = f"c{uuid.uuid4().hex}"
    return await service.create_container(name)


@pytest.fixture
async def container(north):
    made = await fresh_container(north)
    yield made
    await made.delete_container()


@pytest.fixture
async def far_container(south):
    made = await fresh_container(south)
    yield made
    await made.delete_container()
