"""What a refused call was refused with."""

import contextlib

import pytest
from azure.common import AzureHttpError


@contextlib.contextmanager
def refused(status, code):
    """The calls within are answered with this status and this error code."""
    with pytest.raises(AzureHttpError) as caught:
        yield
    assert (caught.value.status_code, caught.value.error_code) == (status, code)
