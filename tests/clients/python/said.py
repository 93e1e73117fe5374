"""What a refused call was refused with."""

import contextlib

import pytest
from azure.core.exceptions import HttpResponseError


@contextlib.contextmanager
def refused(status, code):
    """The calls within are answered with this status and this error code."""
    with pytest.raises(HttpResponseError) as caught:
        yield
    said = caught.value.error_code
    assert (caught.value.status_code, getattr(said, "value", said)) == (status, code)


async def names(pages):
    return [item.name async for item in pages]
