"""Two accounts of a running emulator, met by azure-storage-blob 2.1 under service version 2019-02-02."""

import datetime
import json
import os
import uuid

import pytest
from azure.storage.blob import AppendBlobService, BlockBlobService, PageBlobService

ACCOUNTS = json.loads(os.environ["BLOBFERRY_EMULATOR"])["accounts"]


class Account:
    """An account and its three clients, one for each type of blob."""

    def __init__(self, shown):
        self.name, self.url, text = shown["name"], shown["url"], shown["connection_string"]
        self.blocks = BlockBlobService(connection_string=text)
        self.pages = PageBlobService(connection_string=text)
        self.appends = AppendBlobService(connection_string=text)

    def guest(self, sas):
        """The account as somebody sees it who has a SAS."""
        where = f"BlobEndpoint={self.url};SharedAccessSignature={sas}"
        return BlockBlobService(connection_string=where)

    def signed(self, container, blob, permission):
        """The blob's URL with a SAS for it."""
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        sas = self.blocks.generate_blob_shared_access_signature(
            container, blob, permission=permission, expiry=later
        )
        return self.blocks.make_blob_url(container, blob, sas_token=sas)


@pytest.fixture
def north():
    return Account(ACCOUNTS[0])


@pytest.fixture
def south():
    return Account(ACCOUNTS[1])


def fresh_container(account):
    name = f"c{uuid.uuid4().hex}"
    account.blocks.create_container(name)
    return name


@pytest.fixture
def container(north):
    name = fresh_container(north)
    yield name
    north.blocks.delete_container(name)


@pytest.fixture
def far_container(south):
    name = fresh_container(south)
    yield name
    south.blocks.delete_container(name)
