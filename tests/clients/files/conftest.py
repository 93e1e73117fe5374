"""An account of a running emulator as libraries name it that keep files and tables in blobs."""

import json
import os
import uuid

import pytest
from azure.storage.blob import BlobServiceClient


class Account:
    def __init__(self, shown):
        self.shown = shown
        self.name, self.url, self.connection_string = shown["name"], shown["url"], shown["connection_string"]
        self.key = dict(part.split("=", 1) for part in self.connection_string.rstrip(";").split(";"))["AccountKey"]
        self.service = BlobServiceClient.from_connection_string(self.connection_string)

    @property
    def options(self):
        """What polars and delta-rs are told."""
        return {
            "azure_storage_account_name": self.name,
            "azure_storage_account_key": self.key,
            "azure_storage_endpoint": self.url,
            "azure_allow_http": "true",
        }


@pytest.fixture
def account():
    return Account(json.loads(os.environ["BLOBFERRY_EMULATOR"])["accounts"][0])


@pytest.fixture
def container(account):
    name = f"c{uuid.uuid4().hex}"
    account.service.create_container(name)
    yield name
    account.service.delete_container(name)
