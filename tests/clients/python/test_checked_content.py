import os

import pytest

from said import refused
from test_block_blobs import content_of

KIB, MIB = 1 << 10, 1 << 20


@pytest.mark.parametrize("check", ["md5", "crc64"])
async def test_content_is_checked_on_its_way_up_and_down(container, check):
    blob, content = container.get_blob_client("blob"), os.urandom(5 * MIB + 3)
    await blob.upload_blob(content, validate_content=check)
    read = await blob.download_blob(validate_content=check)
    assert await read.readall() == content
    part = await blob.download_blob(offset=4 * MIB - 5, length=10, validate_content=check)
    assert await part.readall() == content[4 * MIB - 5 : 4 * MIB + 5]


async def test_a_stream_is_checked_as_a_structured_message(container, tmp_path):
    blob, content = container.get_blob_client("blob"), os.urandom(5 * MIB)
    where, forms = tmp_path / "content", []
    where.write_bytes(content)
    with where.open("rb") as stream:
        await blob.stage_block(
            "MQ==", stream, length=len(content), validate_content="crc64",
            raw_request_hook=lambda sent: forms.append(sent.http_request.headers.get("x-ms-structured-body")),
        )
    await blob.commit_block_list(["MQ=="])
    assert forms == ["XSM/1.0; properties=crc64"]
    assert await content_of(blob) == content


async def test_a_message_that_was_changed_on_its_way_is_refused(container):
    blob = container.get_blob_client("blob")
    message = bytearray.fromhex("012a0000000000000001000100010003000000000000006162" "63ebfac13fbbcae505ebfac13fbbcae505")
    headers = {"x-ms-structured-body": "XSM/1.0; properties=crc64", "x-ms-structured-content-length": "3"}
    await blob.upload_blob(bytes(message), headers=headers)
    assert await content_of(blob) == b"abc"
    message[23] ^= 1
    with refused(400, "Crc64Mismatch"):
        await blob.upload_blob(bytes(message), headers=headers, overwrite=True)
