"""The synchronous client in the clothes of the asynchronous one, so that one specification runs on both.

What is a coroutine function there is awaited here, too; what gives an asynchronous iterator there
gives one here. The names and the answers are the client's own.
"""

import inspect

import azure.storage.blob as sync
import azure.storage.blob.aio as aio
from azure.core.paging import ItemPaged
from azure.storage.blob._download import StorageStreamDownloader
from azure.storage.blob.aio._download_async import StorageStreamDownloader as AsyncDownloader

TWINS = {
    sync.BlobServiceClient: aio.BlobServiceClient,
    sync.ContainerClient: aio.ContainerClient,
    sync.BlobClient: aio.BlobClient,
    sync.BlobLeaseClient: aio.BlobLeaseClient,
    StorageStreamDownloader: AsyncDownloader,
}


class Awaited:
    """A synchronous client whose methods are awaited where its twin's are."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        value = getattr(self._inner, name)
        if not callable(value):
            return value

        def call(*args, **kwargs):
            return dressed(value(*map(bare, args), **{key: bare(arg) for key, arg in kwargs.items()}))

        async def awaited(*args, **kwargs):
            return call(*args, **kwargs)

        twin = getattr(TWINS[type(self._inner)], name)
        return awaited if inspect.iscoroutinefunction(twin) else call


class Iterated:
    """Pages and items, given out asynchronously."""

    def __init__(self, inner):
        self._inner = inner

    def by_page(self, *args, **kwargs):
        return Iterated(self._inner.by_page(*args, **kwargs))

    @property
    def continuation_token(self):
        return self._inner.continuation_token

    async def __aiter__(self):
        for item in self._inner:
            is_page = hasattr(item, "__next__") and not hasattr(item, "name")
            yield Iterated(item) if is_page else item


def dressed(value):
    if type(value) in TWINS:
        return Awaited(value)
    return Iterated(value) if isinstance(value, ItemPaged) or hasattr(value, "__next__") else value


def bare(value):
    return value._inner if isinstance(value, Awaited) else value
